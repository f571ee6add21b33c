using System.Text.Json;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>Reads what somebody typed as a value of the type that central gives a column. A parent's own key in the till is taken as it is.</summary>
internal static class TypedText
{
    /// <param name="column">The column.</param>
    /// <param name="text">What was typed; null for NULL.</param>
    /// <param name="value">The value.</param>
    /// <param name="refusal">Why it is none of that type, in words without a full stop.</param>
    public static bool TryRead(ColumnPlan column, string? text, out CellValue value, out string? refusal)
    {
        value = text is null ? CellValue.Null : CellValue.Of(text);
        refusal = text is null
            ? column.Terminal.NotNull || column.Central.NotNull ? "an empty value is not allowed here" : null
            : column.References is not null ? null : Fault(column.Central, text, ref value);
        return refusal is null;
    }

    private static string? Fault(ColumnSchema column, string text, ref CellValue value)
    {
        switch (column.Logical)
        {
            case LogicalType.Integer:
                if (!ExactDecimal.TryParse(text, out var whole) || !whole.TryToInt64(out var number))
                    return $"'{text}' is not a whole number";
                value = CellValue.Of(number);
                return null;
            case LogicalType.Decimal or LogicalType.Float:
                return ExactDecimal.IsNumber(text) ? null : $"'{text}' is not a number";
            case LogicalType.Boolean:
                return Truth(text, ref value);
            case LogicalType.Date or LogicalType.Timestamp or LogicalType.TimestampTz:
                return IsoInstant.TryParse(text, out _) ? null : $"'{text}' is not a date or a time, such as 2026-11-21 or 2026-11-21T08:30:00Z";
            case LogicalType.Time:
                return IsoInstant.TryParseTime(text, out _, out _) ? null : $"'{text}' is not a time of day, such as 08:30:00";
            case LogicalType.Uuid:
                return Guid.TryParse(text, out _) ? null : $"'{text}' is not a uuid";
            case LogicalType.Json:
                return IsJson(text) ? null : $"'{text}' is not JSON";
            case LogicalType.Text or LogicalType.FixedText:
                return TooLong(column, text);
            default:
                return null;
        }
    }

    private static string? Truth(string text, ref CellValue value)
    {
        switch (text.Trim().ToLowerInvariant())
        {
            case "true" or "t" or "yes" or "1":
                value = CellValue.Of(1);
                return null;
            case "false" or "f" or "no" or "0":
                value = CellValue.Of(0);
                return null;
            default:
                return $"'{text}' is neither true nor false";
        }
    }

    // varchar(n) and char(n) have n + 4 as their modifier, and count characters, not UTF-16.
    private static string? TooLong(ColumnSchema column, string text)
    {
        var limit = column.TypeModifier > 4 && column.BaseType is "varchar" or "bpchar" ? column.TypeModifier - 4 : int.MaxValue;
        return text.Length > limit && text.EnumerateRunes().Count() > limit ? $"'{text}' is longer than {limit} characters" : null;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
