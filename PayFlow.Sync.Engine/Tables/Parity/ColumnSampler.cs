using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Counts what the columns of one terminal table hold, over all rows.</summary>
internal static class ColumnSampler
{
    /// <summary>Result columns per statement; SQLite allows 2,000 (https://www.sqlite.org/limits.html), seven are needed for each.</summary>
    private const int ColumnsPerScan = 200;

    public static IEnumerable<(string Column, ColumnSample Sample)> Read(SqliteConnection connection, TableSchema table, CancellationToken cancellationToken)
    {
        foreach (var chunk in table.Columns.Chunk(ColumnsPerScan))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (column, sample) in CountStorageClasses(connection, table.Name, chunk))
            {
                var asked = FormsOf(SqliteType.FamilyOf(column.Type));
                yield return (column.Name, sample.Texts == 0 ? sample : ReadTexts(connection, table.Name, column.Name, sample, asked, cancellationToken));
            }
        }
    }

    private static List<(ColumnSchema Column, ColumnSample Sample)> CountStorageClasses(SqliteConnection connection, string table, ColumnSchema[] columns)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Select(c => Counts(SqliteName.Quote(c.Name))))} FROM {SqliteName.Quote(table)}";
        using var reader = command.ExecuteReader();
        reader.Read();
        var samples = new List<(ColumnSchema, ColumnSample)>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            var at = i * 7;
            samples.Add((columns[i], new ColumnSample
            {
                Nulls = reader.GetInt64(at),
                Integers = reader.GetInt64(at + 1),
                Reals = reader.GetInt64(at + 2),
                Texts = reader.GetInt64(at + 3),
                Blobs = reader.GetInt64(at + 4),
                Smallest = reader.IsDBNull(at + 5) ? null : reader.GetInt64(at + 5),
                Greatest = reader.IsDBNull(at + 6) ? null : reader.GetInt64(at + 6),
            }));
        }
        return samples;
    }

    private static string Counts(string column) =>
        $"""
        count(*) FILTER (WHERE {column} IS NULL),
        count(*) FILTER (WHERE typeof({column}) = 'integer'),
        count(*) FILTER (WHERE typeof({column}) = 'real'),
        count(*) FILTER (WHERE typeof({column}) = 'text'),
        count(*) FILTER (WHERE typeof({column}) = 'blob'),
        min({column}) FILTER (WHERE typeof({column}) = 'integer'),
        max({column}) FILTER (WHERE typeof({column}) = 'integer')
        """;

    private static ColumnSample ReadTexts(SqliteConnection connection, string table, string column, ColumnSample sample, TextForms asked, CancellationToken cancellationToken)
    {
        if (asked == TextForms.None)
            return sample with { Forms = TextForms.None };
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {SqliteName.Quote(column)} FROM {SqliteName.Quote(table)} WHERE typeof({SqliteName.Quote(column)}) = 'text'";
        using var reader = command.ExecuteReader();
        var forms = asked;
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = reader.GetString(0);
            forms = TextForm.Of(text, forms);
            if (forms == TextForms.None)
                return sample with { Forms = forms, OddText = text.Length > 40 ? text[..40] + "…" : text };
        }
        return sample with { Forms = forms };
    }

    private static TextForms FormsOf(SqliteFamily family) => family switch
    {
        SqliteFamily.Integer or SqliteFamily.Numeric => TextForms.Decimal,
        SqliteFamily.Date or SqliteFamily.Instant or SqliteFamily.ZonedInstant => TextForms.Date | TextForms.Instant | TextForms.ZonedInstant,
        SqliteFamily.Time => TextForms.Time,
        SqliteFamily.Uuid => TextForms.Uuid,
        SqliteFamily.Json => TextForms.Json,
        _ => TextForms.None,
    };
}
