using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>The SQL by which rows with a key of the terminal's own find central's; names as in <see cref="MergeStatements"/>.</summary>
internal sealed class LinkStatements(StagedTable table, WriteLimitStatements limit)
{
    private TablePlan Plan => table.Plan;

    /// <summary>Finds central's keys by the link table, for <c>$1</c> terminal and <c>$2</c> table.</summary>
    public string FindLinks(bool withBase) => $"""
        UPDATE {table.Name(withBase)} s SET sk = k.server_key::{table.Keys[0].StageType}
        FROM payflow.links k
        WHERE s.sk IS NULL AND k.terminal_id = $1 AND k.table_name = $2 AND k.local_key = s.lk
        """;

    /// <summary>
    /// The same for new rows that may not be the row of the link at all. A file restored from a backup counts on from an old number: a new sale can carry the local key of one that
    /// central has already. The link holds where it is the same row by all its values, by the map's natural key or by its <c>created_at</c>; otherwise the row is new, and gets a key of its own.
    /// </summary>
    public string FindLinksOfSameRows() => $"""
        {FindLinks(withBase: false)}
          AND NOT EXISTS (SELECT 1 FROM {table.Target} t WHERE t.{PostgresName.Quote(Plan.CentralKey[0].Name)} = {table.Keys[0].KeyFromText("k.server_key")} AND NOT ({IsSameRow()}))
        """;

    /// <summary>Finds central's keys by the map's natural key among rows that nobody of this terminal is linked to, that are not marked as deleted, and that it may write: another store's customer of the same name is another one.</summary>
    public string FindMatches()
    {
        var match = Plan.Entry.Match.Select(name => table.Columns.Single(c => string.Equals(c.Plan.Terminal.Name, name, StringComparison.OrdinalIgnoreCase)));
        var live = Plan.CentralSoftDelete is { } mark ? $"AND NOT coalesce({SoftDeleteSql.IsMarked(mark, "t." + PostgresName.Quote(mark.Name))}, false)" : string.Empty;
        return $"""
            UPDATE {table.Name(withBase: false)} s SET sk = ({table.KeyText("t")})::{table.Keys[0].StageType}
            FROM {table.Target} t
            WHERE s.sk IS NULL AND {string.Join(" AND ", match.Select(c => $"{c.Target} = {c.NewValue}"))}
              AND NOT EXISTS (SELECT 1 FROM payflow.links k WHERE k.terminal_id = $1 AND k.table_name = $2 AND k.server_key = {table.KeyText("t")})
              AND {limit.Fits("t")} {live}
            """;
    }

    /// <summary>Keeps the pairs of local and central key of the rows that are in central now: <c>$1</c> terminal, <c>$2</c> table.</summary>
    public string KeepLinks(bool withBase) => $"""
        INSERT INTO payflow.links (terminal_id, table_name, local_key, server_key)
        SELECT $1, $2, s.lk, {table.StagedKeyText} FROM {table.Name(withBase)} s WHERE s.sk IS NOT NULL{(withBase ? " AND NOT s.del" : string.Empty)}
        ON CONFLICT (terminal_id, table_name, local_key) DO UPDATE SET server_key = excluded.server_key WHERE links.server_key <> excluded.server_key
        """;

    /// <summary>Forgets links that the terminal's own word contradicts: it knows a row's central key, and by another local key than ours (the row was deleted there and came down again). For <c>$1</c> terminal and <c>$2</c> table.</summary>
    public string DropStaleLinks(bool withBase) => $"""
        DELETE FROM payflow.links k USING {table.Name(withBase)} s
        WHERE s.sk IS NOT NULL AND k.terminal_id = $1 AND k.table_name = $2 AND k.server_key = {table.StagedKeyText} AND k.local_key <> s.lk
        """;

    /// <summary>Forgets the links of the rows that the terminal deleted, but for those that wait for a decision (<c>$1</c> marks them with ?), even where central keeps its row: a till may use the number again. <c>$2</c> terminal, <c>$3</c> table.</summary>
    public string DropLinks(bool withBase) => $"""
        DELETE FROM payflow.links k USING {table.Name(withBase)} s
        WHERE s.del AND NOT {MergeStatements.Decided('?')} AND k.terminal_id = $2 AND k.table_name = $3 AND k.local_key = s.lk
        """;

    // An empty value tells no row from another.
    private string IsSameRow()
    {
        var same = new List<string> { table.Merged.Count == 0 ? "true" : "NOT (" + string.Join(" OR ", table.Merged.Select(c => c.IsDifferent(c.Target, c.NewValue))) + ")" };
        var telling = table.Merged.Where(c => Plan.Entry.Match.Contains(c.Plan.Terminal.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (telling.Count == 0)
            telling = [.. table.Merged.Where(c => c.Plan.Central.Name.Equals("created_at", StringComparison.OrdinalIgnoreCase))];
        if (telling.Count > 0)
            same.Add("(" + string.Join(" AND ", telling.Select(c => $"{c.Target} IS NOT NULL AND NOT ({c.IsDifferent(c.Target, c.NewValue)})")) + ")");
        return string.Join(" OR ", same);
    }
}
