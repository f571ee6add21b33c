using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// A table whose rows central would delete together with their parent (<c>ON DELETE CASCADE</c>), although terminals delete them one by one. Those that are still there when the parent's
/// delete arrives are rows that the terminal has never had: another till's sales, or what the head office wrote meanwhile.
/// </summary>
internal sealed record CascadedChild(TablePlan Table, ForeignKeySchema Key)
{
    /// <summary>The children of <paramref name="parent"/> that travel up, itself included where it refers to its own rows.</summary>
    public static IReadOnlyList<CascadedChild> Of(TablePlan parent, SyncPlan plan) =>
        [.. from child in plan.Tables
            where child.Pulls
            from key in child.Central.ForeignKeys
            where key.OnDelete == "CASCADE" && IsNameOf(key.ParentTable, parent.Central)
            select new CascadedChild(child, key)];

    /// <summary>Takes out the staged rows to be deleted (<c>$1</c> marks them with D) that have such a child, but for children that go with them; gives their ord.</summary>
    public string TakeOutHeld(StagedTable parent, bool withBase)
    {
        var match = string.Join(" AND ", Key.Columns.Zip(Key.ParentColumns, (c, p) => $"c.{PostgresName.Quote(c)} = t.{PostgresName.Quote(p)}"));
        var going = Table == parent.Plan ? $" AND {parent.KeyText("c")} NOT IN (SELECT key FROM going)" : string.Empty;
        return $"""
            WITH going AS MATERIALIZED (
              SELECT s.ord, {parent.KeyText("t")} AS key FROM {parent.Name(withBase)} s JOIN {parent.Target} t ON {parent.SameRow} WHERE get_byte($1::bytea, s.ord - 1) = {(int)'D'})
            DELETE FROM {parent.Name(withBase)} s USING {parent.Target} t
            WHERE {parent.SameRow} AND get_byte($1::bytea, s.ord - 1) = {(int)'D'} AND EXISTS (SELECT 1 FROM {PostgresName.Quote(Table.Central)} c WHERE {match}{going})
            RETURNING s.ord
            """;
    }

    private static bool IsNameOf(string name, TableSchema table) => name == table.Name || name == table.Schema + "." + table.Name;
}
