using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Says a central default in SQLite, in the neutral form of <see cref="Changes.CellValue"/>.</summary>
internal static class TerminalDefault
{
    /// <summary>The expression, ready to stand behind <c>DEFAULT</c>; null when there is none, or when it cannot be said there with the same meaning.</summary>
    public static string? Of(string expression, LogicalType type)
    {
        var parsed = SqlDefault.Parse(expression);
        return parsed.Kind switch
        {
            SqlDefaultKind.Number => IsNumber(type) ? parsed.Value : IsText(type) ? SqliteName.Literal(parsed.Value) : null,
            SqlDefaultKind.String => String(parsed.Value, type),
            SqlDefaultKind.Boolean => type == LogicalType.Boolean ? Bit(parsed.Value == "true") : null,
            SqlDefaultKind.Now => Now(type),
            SqlDefaultKind.Today => type is LogicalType.Date or LogicalType.Timestamp ? "(date('now'))" : null,
            _ => null,
        };
    }

    /// <summary>False for what SQLite refuses in <c>ALTER TABLE … ADD COLUMN</c>: https://www.sqlite.org/lang_altertable.html#alter_table_add_column</summary>
    public static bool IsConstant(string translated) => translated[0] != '(';

    private static bool IsNumber(LogicalType type) => type is LogicalType.Integer or LogicalType.Float;

    /// <summary>Exact decimals are text in the terminal: a default must not arrive there as a number, which compares as a different value.</summary>
    private static bool IsText(LogicalType type) => type is LogicalType.Decimal or LogicalType.Text or LogicalType.FixedText or LogicalType.Json;

    private static string? String(string value, LogicalType type) => type switch
    {
        LogicalType.Boolean => value switch { "t" or "true" => Bit(true), "f" or "false" => Bit(false), _ => null },
        LogicalType.Integer or LogicalType.Float => TextForm.Of(value, TextForms.Decimal) == TextForms.Decimal ? value : null,
        LogicalType.Date => TextForm.Of(value, TextForms.Date) == TextForms.Date ? SqliteName.Literal(value) : null,
        LogicalType.Timestamp => TextForm.Of(value, TextForms.Instant) == TextForms.Instant ? SqliteName.Literal(value.Replace(' ', 'T')) : null,
        LogicalType.TimestampTz or LogicalType.Bytes => null,
        _ => SqliteName.Literal(value),
    };

    private static string Bit(bool value) => value ? "1" : "0";

    private static string? Now(LogicalType type) => type switch
    {
        LogicalType.Timestamp => "(strftime('%Y-%m-%dT%H:%M:%f', 'now'))",
        LogicalType.TimestampTz => "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
        LogicalType.Date => "(date('now'))",
        _ => null,
    };
}
