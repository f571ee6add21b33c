using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>Looks rows of a terminal up by their keys, and whether a change of them is on its way: all of a handful in one reading of the file.</summary>
internal sealed class VerifyTerminalLook(SqliteDatabase database, VerifyTable table)
{
    // Clocks of writers may be apart, so the reading by timestamp begins that much before its place; in SQLite's words.
    private const string Overlap = "-120 seconds";

    private readonly VerifyTerminalSql _sql = new(table);
    private readonly TerminalStore _store = new(database);

    private TablePlan Plan => table.Plan;

    /// <summary>The table's checkpoint, and each finding's row as it is now.</summary>
    /// <param name="findings">Which rows.</param>
    /// <param name="linkedKeys">Their own keys as central knows them, for rows that do not know central's yet.</param>
    public (TableState State, VerifyTerminalRow[] Rows) Read(IReadOnlyList<VerifyFinding> findings, IReadOnlyList<string?>? linkedKeys = null)
    {
        database.Execute("BEGIN");
        try
        {
            var state = _store.ReadTables()[Plan.Name];
            var held = table.IsLinked ? ReadHeld() : [];
            return (state, [.. findings.Select((f, i) => Read(f, linkedKeys?[i], state, held))]);
        }
        finally
        {
            database.Execute("ROLLBACK");
        }
    }

    private VerifyTerminalRow Read(VerifyFinding finding, string? linkedKey, TableState state, HashSet<string> held)
    {
        var cells = (finding.OwnKey is { } own ? ByOwnKey(own) : null) ?? (finding.Key is { } key ? ByCentralKey(key) : null);
        var local = cells is not null ? LocalKey(table.OwnKey(cells)) : finding.OwnKey is { } gone ? LocalKey(gone) : table.IsLinked ? linkedKey : finding.Key;
        var busy = (local is not null && Exists("SELECT 1 FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2", local))
            || (finding.Key is { } central && (Exists("SELECT 1 FROM payflow_aside WHERE table_name = ?1 AND key = ?2", central) || held.Contains(central)))
            || (cells is not null && IsBehindStamp(table.OwnKey(cells), state));
        return new VerifyTerminalRow(cells, local, busy, cells is not null && IsSecond(cells));
    }

    private CellValue[]? ByOwnKey(CellValue[] key)
    {
        var statement = database.Prepare(_sql.ByOwnKey);
        for (var i = 0; i < key.Length; i++)
            statement.Bind(i + 1, key[i]);
        return ReadRow(statement);
    }

    private CellValue[]? ByCentralKey(string key)
    {
        var where = table.IsLinked ? $"{_sql.ServerId} = ?1" : KeySql.Matches(Plan, "t", "?1");
        return ReadRow(database.Prepare($"SELECT {_sql.Cells} FROM {_sql.Name} t WHERE {where} LIMIT 1").Bind(1, key));
    }

    private CellValue[]? ReadRow(SqliteStatement statement)
    {
        if (!statement.Step())
            return null;
        var row = new CellValue[table.TerminalWidth];
        for (var i = 0; i < row.Length; i++)
            row[i] = statement.Column(i);
        statement.Reset();
        return row;
    }

    // As the capture spells it, which for doubles is not as .NET does.
    private string? LocalKey(CellValue[] own)
    {
        var parts = string.Join(", ", Plan.TerminalKey.Select((k, i) => $"?{i + 1} AS {SqliteName.Quote(k.Name)}"));
        var statement = database.Prepare($"SELECT {KeySql.Text(Plan, "t")} FROM (SELECT {parts}) t");
        for (var i = 0; i < own.Length; i++)
            statement.Bind(i + 1, own[i]);
        statement.Step();
        var key = statement.Text(0);
        statement.Reset();
        return key;
    }

    private bool Exists(string sql, string key)
    {
        var statement = database.Prepare(sql).Bind(1, Plan.Name).Bind(2, key);
        var any = statement.Step();
        statement.Reset();
        return any;
    }

    // A deleted or replaced row that central has not heard of: only its before-image says which central row it was.
    private HashSet<string> ReadHeld()
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        var statement = database.Prepare("SELECT base FROM sync_queue WHERE entity_type = ? AND base IS NOT NULL").Bind(1, Plan.Name);
        while (statement.Step())
        {
            if (QueueTable.ServerKeyOf(Plan, statement.Text(0)) is { } key)
                held.Add(key);
        }
        return held;
    }

    // Captured by timestamp there is no queue: what the next reading finds is on its way.
    private bool IsBehindStamp(CellValue[] own, TableState state)
    {
        if (Plan is not { Pulls: true, Entry.TerminalCapture: CaptureMode.Timestamp, TerminalTimestamp: { } stamp })
            return false;
        if (state.PullStamp is null)
            return true;
        var column = "t." + SqliteName.Quote(stamp.Name);
        var instant = $"CASE WHEN typeof({column}) IN ('integer', 'real') THEN datetime({column} / CASE WHEN abs({column}) > 100000000000 THEN 1000.0 ELSE 1.0 END, 'unixepoch', 'subsec') ELSE datetime({column}, 'subsec') END";
        var where = string.Join(" AND ", _sql.OwnKey.Select((k, i) => $"{k} = ?{i + 2}"));
        var statement = database.Prepare($"""
            SELECT 1 FROM {_sql.Name} t
            WHERE {where} AND {instant} > datetime(?1, '{Overlap}', 'subsec')
              AND NOT EXISTS (SELECT 1 FROM payflow_echo e WHERE e.table_name = {SqliteName.Literal(Plan.Name)} AND e.key = {KeySql.Text(Plan, "t")} AND e.stamp = {column})
            """).Bind(1, state.PullStamp);
        for (var i = 0; i < own.Length; i++)
            statement.Bind(i + 2, own[i]);
        var any = statement.Step();
        statement.Reset();
        return any;
    }

    // Two rows that name one central row are one too many: the one with the lower key counts.
    private bool IsSecond(CellValue[] cells)
    {
        if (!table.IsLinked || cells[Plan.Columns.Count].IsNull)
            return false;
        var own = table.OwnKey(cells);
        var statement = database.Prepare($"SELECT 1 FROM {_sql.Name} t WHERE {_sql.ServerId} = ?1 AND ({string.Join(", ", _sql.OwnKey)}) < ({string.Join(", ", own.Select((_, i) => $"?{i + 2}"))})").Bind(1, cells[Plan.Columns.Count]);
        for (var i = 0; i < own.Length; i++)
            statement.Bind(i + 2, own[i]);
        var any = statement.Step();
        statement.Reset();
        return any;
    }
}
