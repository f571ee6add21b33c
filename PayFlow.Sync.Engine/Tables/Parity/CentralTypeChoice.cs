using System.Globalization;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Chooses the narrowest PostgreSQL type that holds every value a terminal's column has today, unchanged.</summary>
internal static class CentralTypeChoice
{
    public static CentralType Of(ColumnSchema column, ColumnSample sample)
    {
        if (sample.Blobs > 0)
            return WithBlobs(column, sample);
        return SqliteType.FamilyOf(column.Type) switch
        {
            SqliteFamily.Text => ByContent(sample, CentralType.Text),
            SqliteFamily.Integer => Number(column, sample, CentralType.BigInt),
            SqliteFamily.Numeric => Number(column, sample, CentralType.Numeric),
            SqliteFamily.Real => sample.Texts > 0 ? AsText(column, sample) : new(CentralType.Double),
            SqliteFamily.Blob => sample.Values == 0 ? new(CentralType.Bytes) : ByContent(sample, CentralType.Text) with { Remark = $"is declared {column.Type} but holds no blob" },
            SqliteFamily.Boolean => Boolean(column, sample),
            SqliteFamily.Date => Instant(column, sample, CentralType.Date),
            SqliteFamily.Instant => Instant(column, sample, CentralType.Timestamp),
            SqliteFamily.ZonedInstant => Instant(column, sample, CentralType.TimestampTz),
            SqliteFamily.Time => Spelled(column, sample, TextForms.Time, CentralType.Time),
            SqliteFamily.Uuid => Spelled(column, sample, TextForms.Uuid, CentralType.Uuid),
            SqliteFamily.Json => Spelled(column, sample, TextForms.Json, CentralType.Json),
            _ => ByContent(sample, CentralType.Text),
        };
    }

    private static CentralType WithBlobs(ColumnSchema column, ColumnSample sample) => sample.Blobs == sample.Values
        ? new(CentralType.Bytes, SqliteType.FamilyOf(column.Type) is SqliteFamily.Blob or SqliteFamily.ByContent ? null : $"is declared {column.Type} but holds blobs only")
        : new(CentralType.Text, $"holds {Count(sample.Blobs)} blobs among other values; no PostgreSQL type takes both, rows with a blob will be refused");

    /// <summary>Where the declaration says nothing, or what it says is not so.</summary>
    private static CentralType ByContent(ColumnSample sample, string whenEmpty)
    {
        if (sample.Values == 0)
            return new(whenEmpty);
        if (sample.Texts > 0)
            return new(CentralType.Text);
        if (sample.Reals == 0)
            return new(CentralType.BigInt);
        return new(sample.Integers == 0 ? CentralType.Double : CentralType.Numeric);
    }

    private static CentralType Number(ColumnSchema column, ColumnSample sample, string declared)
    {
        if (sample.Texts > 0)
            return sample.Forms.HasFlag(TextForms.Decimal) ? new(CentralType.Numeric) : AsText(column, sample);
        return declared == CentralType.BigInt && sample.Reals > 0
            ? new(CentralType.Numeric, $"is declared {column.Type} but {Count(sample.Reals)} values have a fraction; it becomes numeric")
            : new(declared);
    }

    private static CentralType Boolean(ColumnSchema column, ColumnSample sample)
    {
        if (sample.Texts > 0)
            return AsText(column, sample);
        if (sample is { Reals: 0, Smallest: null or >= 0, Greatest: null or <= 1 })
            return new(CentralType.Boolean);
        var type = ByContent(sample, CentralType.BigInt);
        return type with { Remark = $"is declared {column.Type} but holds other values than 0 and 1; it becomes {type.Name}" };
    }

    private static CentralType Instant(ColumnSchema column, ColumnSample sample, string declared)
    {
        if (sample.Values == 0)
            return new(declared);
        if (sample.Texts < sample.Values)
            return Odd(column, sample, "numbers, not dates");
        if (declared == CentralType.Date && sample.Forms.HasFlag(TextForms.Date))
            return new(CentralType.Date);
        if (sample.Forms.HasFlag(TextForms.Instant))
            return new(CentralType.Timestamp);
        return sample.Forms.HasFlag(TextForms.ZonedInstant) ? new(CentralType.TimestampTz) : AsText(column, sample);
    }

    private static CentralType Spelled(ColumnSchema column, ColumnSample sample, TextForms form, string type)
    {
        if (sample.Texts == sample.Values)
            return sample.Forms.HasFlag(form) ? new(type) : AsText(column, sample);
        return Odd(column, sample, "numbers");
    }

    private static CentralType Odd(ColumnSchema column, ColumnSample sample, string what)
    {
        var type = ByContent(sample, CentralType.Text);
        return type with { Remark = $"is declared {column.Type} but holds {(sample.Texts > 0 ? "numbers among texts" : what)}; it becomes {type.Name}" };
    }

    private static CentralType AsText(ColumnSchema column, ColumnSample sample)
    {
        var reason = sample.OddText is null ? "holds text of several kinds" : $"holds '{sample.OddText}'";
        return new(CentralType.Text, $"is declared {column.Type} but {reason}; it becomes text, so that no value is lost");
    }

    private static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);
}
