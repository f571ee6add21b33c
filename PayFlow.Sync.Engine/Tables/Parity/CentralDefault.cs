using PayFlow.Sync.Engine.Central;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Says a terminal's default in PostgreSQL.</summary>
internal static class CentralDefault
{
    private const string UtcNow = "(now() AT TIME ZONE 'UTC')";

    /// <summary>The expression for a column of type <paramref name="type"/>; null when there is none, or when it cannot be said there with the same meaning.</summary>
    public static string? Of(string expression, string type)
    {
        var parsed = SqlDefault.Parse(expression);
        return parsed.Kind switch
        {
            SqlDefaultKind.Number => Number(parsed.Value, type),
            SqlDefaultKind.String => String(parsed.Value, type),
            SqlDefaultKind.Boolean => type switch
            {
                CentralType.Boolean => parsed.Value,
                CentralType.BigInt or CentralType.Numeric => parsed.Value == "true" ? "1" : "0",
                _ => null,
            },
            SqlDefaultKind.Now => Now(type),
            SqlDefaultKind.Today => Today(type),
            _ => null,
        };
    }

    private static string? Number(string value, string type) => type switch
    {
        CentralType.Boolean => value switch { "0" => "false", "1" => "true", _ => null },
        CentralType.BigInt => long.TryParse(value, out var whole) ? whole.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        CentralType.Numeric or CentralType.Double => value,
        CentralType.Text => PostgresName.Literal(value),
        _ => null,
    };

    private static string? String(string value, string type)
    {
        var form = type switch
        {
            CentralType.Numeric or CentralType.Double => TextForms.Decimal,
            CentralType.Date => TextForms.Date,
            CentralType.Timestamp => TextForms.Instant,
            CentralType.TimestampTz => TextForms.ZonedInstant,
            CentralType.Time => TextForms.Time,
            CentralType.Uuid => TextForms.Uuid,
            CentralType.Json => TextForms.Json,
            _ => TextForms.None,
        };
        return type switch
        {
            CentralType.Text => PostgresName.Literal(value),
            CentralType.BigInt or CentralType.Boolean => Number(value, type),
            _ => form != TextForms.None && TextForm.Of(value, form) == form ? PostgresName.Literal(value) : null,
        };
    }

    /// <summary>Into text in SQLite's own spelling, as the terminal's rows have it.</summary>
    private static string? Now(string type) => type switch
    {
        CentralType.Timestamp => UtcNow,
        CentralType.TimestampTz => "now()",
        CentralType.Date => UtcNow + "::date",
        CentralType.Text => $"to_char({UtcNow}, 'YYYY-MM-DD HH24:MI:SS')",
        _ => null,
    };

    private static string? Today(string type) => type switch
    {
        CentralType.Date or CentralType.Timestamp => UtcNow + "::date",
        CentralType.Text => $"to_char({UtcNow}, 'YYYY-MM-DD')",
        _ => null,
    };
}
