using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Names the table whose rows keep a row of this terminal from being deleted. Asked only where a delete was refused, so it looks at the file as it is, tables that are not synced included.</summary>
internal static class ReferringTable
{
    private const string References = """
        SELECT m.name, f.id, f."from", f."to" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
        WHERE m.type = 'table' AND f."table" = ?1 COLLATE NOCASE
        ORDER BY m.name, f.id, f.seq
        """;

    /// <summary>The first such table; null when none has rows of it.</summary>
    /// <param name="database">The terminal.</param>
    /// <param name="table">The row's table.</param>
    /// <param name="matches">The condition on <c>t</c> that finds the row by <c>?1</c>.</param>
    /// <param name="key">What <c>?1</c> is.</param>
    public static string? Find(SqliteDatabase database, TablePlan table, string matches, string key)
    {
        foreach (var reference in Read(database, table))
        {
            var join = string.Join(" AND ", reference.Select((r, i) => $"c.{SqliteName.Quote(r.From)} = t.{SqliteName.Quote(r.To ?? table.Terminal.Key[i])}"));
            var statement = database.Prepare($"SELECT 1 FROM {SqliteName.Quote(table.Name)} t JOIN {SqliteName.Quote(reference.Key.Child)} c ON {join} WHERE {matches} LIMIT 1").Bind(1, key);
            var any = statement.Step();
            statement.Reset();
            if (any)
                return reference.Key.Child;
        }
        return null;
    }

    private static IEnumerable<IGrouping<(string Child, long Id), (string Child, long Id, string From, string? To)>> Read(SqliteDatabase database, TablePlan table)
    {
        var columns = new List<(string Child, long Id, string From, string? To)>();
        var row = database.Prepare(References).Bind(1, table.Name);
        while (row.Step())
            columns.Add((row.Text(0)!, row.Integer(1), row.Text(2)!, row.Text(3)));
        return columns.GroupBy(c => (c.Child, c.Id));
    }
}
