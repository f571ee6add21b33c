using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>
/// The SQL with which one central table goes back. In all of it <c>t</c> is central's row and <c>r</c> the collapsed journal of one row, in the temporary table that
/// <see cref="RollbackJournal"/> makes; <c>$1</c> is always the terminal's name of the table.
/// </summary>
internal sealed class RollbackStatements
{
    private readonly TablePlan _plan;
    private readonly StagedTable _table;
    private readonly string _image;
    private readonly IReadOnlyList<ColumnSchema> _writable;

    public RollbackStatements(TablePlan plan)
    {
        _plan = plan;
        _table = new StagedTable(plan, "payflow_rollback");
        _image = JournalImage.Of(plan.Central, "t");
        _writable = [.. plan.Central.Columns.Where(c => !c.IsGenerated)];
    }

    /// <summary>Columns that can be written, in their order.</summary>
    public IReadOnlyList<ColumnSchema> Writable => _writable;

    private string Target => _table.Target;

    private string Joined => $"{Target} t ON {SameRow("t", "r")}";

    /// <summary>Locks central's rows in key order, as an upload does.</summary>
    public string Lock => $"SELECT count(*) FROM (SELECT 1 FROM {RollbackJournal.Table} r JOIN {Joined} WHERE r.table_name = $1 ORDER BY {string.Join(", ", _plan.CentralKey.Select(k => "t." + PostgresName.Quote(k.Name)))} FOR UPDATE OF t) l";

    /// <summary>
    /// Decides every row: B stands as before the run (or as an earlier rollback of it left it), D is to be deleted, U to be changed back, I to be inserted again, L is left.
    /// </summary>
    public string Classify => $"""
        UPDATE {RollbackJournal.Table} r SET verdict = c.verdict, reason = c.reason
        FROM (
          SELECT s.ord,
            CASE WHEN s.is_back THEN 'B' WHEN NOT s.stands THEN 'L' WHEN s.existed AND s.remained THEN 'U' WHEN s.existed THEN 'I' ELSE 'D' END::"char" AS verdict,
            CASE WHEN s.is_back OR s.stands THEN NULL WHEN NOT s.found THEN 'it was deleted since' WHEN NOT s.remained THEN 'a row with this key is there again' ELSE 'it was changed since' END AS reason
          FROM (
            SELECT r.ord, r.existed, r.remained, t.ctid IS NOT NULL AS found,
              CASE WHEN t.ctid IS NULL THEN NOT r.existed
                   ELSE (r.existed AND {_image} = r.before) OR (r.undone_hash IS NOT NULL AND {Hash("t")} = r.undone_hash) OR (r.undone IS NOT NULL AND {_image} = r.undone) END IS TRUE AS is_back,
              CASE WHEN t.ctid IS NULL THEN NOT r.remained ELSE r.remained AND coalesce({Hash("t")} = r.hash, {_image} = r.after, false) END AS stands
            FROM {RollbackJournal.Table} r LEFT JOIN {Joined}
            WHERE r.table_name = $1) s) c
        WHERE c.ord = r.ord
        """;

    /// <summary>Holds back the rows to which a row of <paramref name="child"/> refers by a foreign key; rows that go themselves do not count. To be repeated until it finds none.</summary>
    /// <param name="child">The other table's name as SQL.</param>
    /// <param name="childColumns">Its referring columns.</param>
    /// <param name="columns">The columns referred to.</param>
    /// <param name="isSelf">The child is the table itself.</param>
    public string HoldParents(string child, IReadOnlyList<string> childColumns, IReadOnlyList<string> columns, bool isSelf)
    {
        var refers = childColumns.Zip(columns, (c, p) => $"c.{PostgresName.Quote(c)} = t.{PostgresName.Quote(p)}");
        var goes = isSelf ? $" AND NOT EXISTS (SELECT 1 FROM {RollbackJournal.Table} x WHERE x.table_name = $1 AND x.verdict = 'D' AND NOT x.held AND {SameRow("c", "x")})" : string.Empty;
        return $"""
            UPDATE {RollbackJournal.Table} r SET held = true, reason = {PostgresName.Literal($"rows of {child} refer to it")}
            FROM {Target} t
            WHERE r.table_name = $1 AND r.verdict = 'D' AND NOT r.held AND {SameRow("t", "r")}
              AND EXISTS (SELECT 1 FROM {child} c WHERE {string.Join(" AND ", refers)}{goes})
            """;
    }

    /// <summary>Deletes what the run had inserted, links included: <c>$2</c> ords, <c>$3</c> the rollback's run, <c>$4</c> terminal.</summary>
    public string Delete => $"""
        WITH gone AS (
          DELETE FROM {Target} t USING {RollbackJournal.Table} r WHERE r.ord = ANY ($2) AND {SameRow("t", "r")}
          RETURNING r.ord, {_table.KeyText("t")} AS key, {_image} AS image),
        marked AS (UPDATE {RollbackJournal.Table} r SET verdict = 'd' FROM gone WHERE r.ord = gone.ord),
        unlinked AS (
          DELETE FROM payflow.links k USING gone WHERE {(_table.IsLinked ? "true" : "false")} AND k.terminal_id = $4 AND k.table_name = $1 AND k.server_key = gone.key
          RETURNING k.server_key, k.local_key)
        INSERT INTO payflow.journal (run_id, terminal_id, direction, table_name, op, key, keys, before)
        SELECT $3, $4, 'rollback', $1, 'D', gone.key, (SELECT array_agg(u.local_key) FROM unlinked u WHERE u.server_key = gone.key), gone.image FROM gone
        """;

    /// <summary>The columns in which a row of <c>$2</c> differs from what it was.</summary>
    public string ChangedColumns => $"""
        SELECT DISTINCT b.key FROM {RollbackJournal.Table} r JOIN {Joined}
        CROSS JOIN LATERAL jsonb_each(r.before) b
        WHERE r.table_name = $1 AND r.ord = ANY ($2) AND b.value IS DISTINCT FROM {_image} -> b.key
        """;

    /// <summary>The columns that the images of <c>$2</c> know.</summary>
    public static string KnownColumns => $"SELECT DISTINCT k FROM {RollbackJournal.Table} r CROSS JOIN LATERAL jsonb_object_keys(r.before) k WHERE r.table_name = $1 AND r.ord = ANY ($2)";

    /// <summary>Writes <paramref name="columns"/> back, each row only those in which it differs: parameters as of <see cref="Delete"/>.</summary>
    public string Update(IReadOnlyList<ColumnSchema> columns)
    {
        var set = columns.Select(c => $"{PostgresName.Quote(c.Name)} = CASE WHEN r.before ? {PostgresName.Literal(c.Name)} AND r.before -> {PostgresName.Literal(c.Name)} IS DISTINCT FROM {_image} -> {PostgresName.Literal(c.Name)} THEN {JournalImage.Value(c, "r.before", "b")} ELSE t.{PostgresName.Quote(c.Name)} END");
        return $"""
            WITH before AS (SELECT r.ord, {_image} AS image FROM {RollbackJournal.Table} r JOIN {Joined} WHERE r.ord = ANY ($2)),
            written AS (
              UPDATE {Target} t SET {string.Join(", ", set)}
              FROM {RollbackJournal.Table} r CROSS JOIN LATERAL {JournalImage.Record(_plan.Central, Target, "r.before", "b")}
              WHERE r.ord = ANY ($2) AND {SameRow("t", "r")}
              RETURNING r.ord, {_table.KeyText("t")} AS key, {_image} AS image),
            marked AS (UPDATE {RollbackJournal.Table} r SET verdict = 'u' FROM written WHERE r.ord = written.ord)
            INSERT INTO payflow.journal (run_id, terminal_id, direction, table_name, op, key, before, after)
            SELECT $3, $4, 'rollback', $1, 'U', written.key, before.image, written.image FROM written JOIN before USING (ord)
            """;
    }

    /// <summary>The columns of a broken unique constraint that rows may only be exchanging; none where a trigger would see the values they have for a moment.</summary>
    public List<StagedColumn> Parkable(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.UniqueViolation && !_plan.Central.HasUserTriggers ? SetHandling.Parkable(e, new UniqueHolder(_table)) : [];

    /// <summary>Gives up, for a moment, the values that rows are about to get back: for the same parameters as <see cref="Update"/>, and journaled as it is.</summary>
    public string Park(StagedColumn column)
    {
        var name = PostgresName.Literal(column.Plan.Central.Name);
        return $"""
            WITH before AS (SELECT r.ord, {_image} AS image FROM {RollbackJournal.Table} r JOIN {Joined} WHERE r.ord = ANY ($2)),
            written AS (
              UPDATE {Target} t SET {column.Name} = {MergeStatements.ParkedValue(column)}
              FROM {RollbackJournal.Table} s
              WHERE s.ord = ANY ($2) AND {SameRow("t", "s")} AND s.before ? {name} AND s.before -> {name} IS DISTINCT FROM {_image} -> {name}
              RETURNING s.ord, {_table.KeyText("t")} AS key, {_image} AS image)
            INSERT INTO payflow.journal (run_id, terminal_id, direction, table_name, op, key, before, after)
            SELECT $3, $4, 'rollback', $1, 'U', written.key, before.image, written.image FROM written JOIN before USING (ord)
            """;
    }

    /// <summary>Inserts what the run had deleted, its links included: parameters as of <see cref="Delete"/>.</summary>
    public string Insert(IReadOnlyList<ColumnSchema> columns)
    {
        var overriding = columns.Any(c => c.IsAutoNumber) ? " OVERRIDING SYSTEM VALUE" : string.Empty;
        return $"""
            WITH written AS (
              INSERT INTO {Target} AS t ({string.Join(", ", columns.Select(c => PostgresName.Quote(c.Name)))}){overriding}
              SELECT {string.Join(", ", columns.Select(c => JournalImage.Value(c, "r.before", "b")))}
              FROM {RollbackJournal.Table} r CROSS JOIN LATERAL {JournalImage.Record(_plan.Central, Target, "r.before", "b")}
              WHERE r.ord = ANY ($2) ORDER BY r.ord
              RETURNING {_table.KeyText("t")} AS key, {Hash("t")} AS hash),
            marked AS (UPDATE {RollbackJournal.Table} r SET verdict = 'i' FROM written WHERE r.table_name = $1 AND r.key = written.key),
            linked AS (
              INSERT INTO payflow.links (terminal_id, table_name, local_key, server_key)
              SELECT $4, $1, l, written.key FROM written JOIN {RollbackJournal.Table} r ON r.table_name = $1 AND r.key = written.key CROSS JOIN LATERAL unnest(r.links) l
              WHERE {(_table.IsLinked ? "true" : "false")}
              ON CONFLICT DO NOTHING)
            INSERT INTO payflow.journal (run_id, terminal_id, direction, table_name, op, keys, hashes)
            SELECT $3, $4, 'rollback', $1, 'I', array_agg(key), array_agg(hash) FROM written HAVING count(*) > 0
            """;
    }

    // As the merge hashes what it inserts.
    private static string Hash(string alias) => $"hashtextextended({alias}::text, 0)";

    private string SameRow(string row, string journal) => string.Join(" AND ", _plan.CentralKey.Select((k, i) =>
        $"{row}.{PostgresName.Quote(k.Name)} = {_table.Keys[i].KeyFromText(_plan.CentralKey.Count == 1 ? journal + ".key" : $"({journal}.key::jsonb ->> {i})")}"));
}
