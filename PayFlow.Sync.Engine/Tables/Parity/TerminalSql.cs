using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Writes SQLite DDL out of drafts.</summary>
internal static class TerminalSql
{
    public static string List(IEnumerable<string> columns) => string.Join(", ", columns.Select(SqliteName.Quote));

    public static string CreateTable(TerminalDraft draft, IEnumerable<string> foreignKeys)
    {
        var rowid = draft.RowidKey;
        var lines = draft.Columns.Select(c => c.Source == rowid && rowid is not null ? RowidKey(c) : Column(c)).ToList();
        if (rowid is null)
            lines.Add($"PRIMARY KEY ({List(draft.Key)})");
        lines.AddRange(foreignKeys);
        return
            $"""
            CREATE TABLE {SqliteName.Quote(draft.Name)} (
                {string.Join(",\n    ", lines)}
            )
            """;
    }

    public static string AddColumn(TerminalDraft draft, DraftColumn column, string? reference) =>
        $"ALTER TABLE {SqliteName.Quote(draft.Name)} ADD COLUMN {Column(column)}{(reference is null ? string.Empty : " " + reference)}";

    /// <summary>AUTOINCREMENT where central numbers its rows: a number is never handed out twice, and <c>sqlite_sequence</c> can give each till a range of its own.</summary>
    private static string RowidKey(DraftColumn column) =>
        SqliteName.Quote(column.Name) + (column.Source!.IsAutoNumber ? " INTEGER PRIMARY KEY AUTOINCREMENT" : " INTEGER NOT NULL PRIMARY KEY");

    private static string Column(DraftColumn column)
    {
        var sql = SqliteName.Quote(column.Name) + " " + column.Type;
        if (column.NotNull)
            sql += " NOT NULL";
        return column.Default is null ? sql : sql + " DEFAULT " + column.Default;
    }
}
