using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Capture;

/// <summary>A terminal row's key as SQL: its text form, and how to find the row again by that text.</summary>
internal static class KeySql
{
    /// <summary>The text form (<see cref="Changes.RowKey"/>) of the key of the row called <paramref name="row"/>.</summary>
    public static string Text(TablePlan table, string row) => table.TerminalKey.Count == 1
        ? Part(table.TerminalKey[0], $"{row}.{SqliteName.Quote(table.TerminalKey[0].Name)}")
        : $"json_array({string.Join(", ", table.TerminalKey.Select(c => $"CAST({Part(c, $"{row}.{SqliteName.Quote(c.Name)}")} AS TEXT)"))})";

    /// <summary>The condition that the row called <paramref name="row"/> has the key whose text is <paramref name="key"/>; uses the key's index.</summary>
    public static string Matches(TablePlan table, string row, string key)
    {
        if (table.TerminalKey.Count == 1)
            return $"{row}.{SqliteName.Quote(table.TerminalKey[0].Name)} = {Value(table.TerminalKey[0], key)}";
        return string.Join(" AND ", table.TerminalKey.Select((c, i) => $"{row}.{SqliteName.Quote(c.Name)} = {Value(c, $"json_extract({key}, '$[{i}]')")}"));
    }

    /// <summary>The condition that two rows have the same key values.</summary>
    public static string Equal(TablePlan table, string left, string right) =>
        string.Join(" AND ", table.TerminalKey.Select(c => $"{left}.{SqliteName.Quote(c.Name)} IS {right}.{SqliteName.Quote(c.Name)}"));

    private static string Part(ColumnSchema column, string expression) => HoldsBlobs(column)
        ? $"CASE typeof({expression}) WHEN 'blob' THEN '\\x' || lower(hex({expression})) ELSE {expression} END"
        : expression;

    private static string Value(ColumnSchema column, string text) => HoldsBlobs(column)
        ? $"CASE WHEN substr({text}, 1, 2) = '\\x' THEN unhex(substr({text}, 3)) ELSE {text} END"
        : text;

    // Only a column without a type, or of type BLOB, is likely to hold blobs as keys.
    private static bool HoldsBlobs(ColumnSchema column) => column.Type.Length == 0 || column.Type.Contains("BLOB", StringComparison.OrdinalIgnoreCase);
}
