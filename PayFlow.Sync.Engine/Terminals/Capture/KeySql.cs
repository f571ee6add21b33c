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
            return Matches(table.TerminalKey[0], row, key);
        return string.Join(" AND ", table.TerminalKey.Select((c, i) => Matches(c, row, $"json_extract({key}, '$[{i}]')")));
    }

    /// <summary>The condition that two rows have the same key values.</summary>
    public static string Equal(TablePlan table, string left, string right) =>
        string.Join(" AND ", table.TerminalKey.Select(c => $"{left}.{SqliteName.Quote(c.Name)} COLLATE BINARY IS {right}.{SqliteName.Quote(c.Name)}"));

    private static string Part(ColumnSchema column, string expression) => HoldsBlobs(column)
        ? $"CASE typeof({expression}) WHEN 'blob' THEN '\\x' || lower(hex({expression})) ELSE {expression} END"
        : expression;

    // A column without a type holds 5 and '5' as two values: the index is asked for all that the text may stand for, and the text decides.
    private static string Matches(ColumnSchema column, string row, string text)
    {
        var name = $"{row}.{SqliteName.Quote(column.Name)}";
        return HoldsBlobs(column)
            ? $"({name} IN ({text}, CAST({text} AS NUMERIC), unhex(substr({text}, 3))) AND CAST({Part(column, name)} AS TEXT) = {text})"
            : $"{name} = {text}";
    }

    // Only a column without a type, or of type BLOB, is likely to hold blobs as keys.
    private static bool HoldsBlobs(ColumnSchema column) => column.Type.Length == 0 || column.Type.Contains("BLOB", StringComparison.OrdinalIgnoreCase);
}
