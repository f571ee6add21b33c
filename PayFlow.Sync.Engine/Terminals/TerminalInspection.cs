using System.Globalization;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Looks into an attached terminal's file. Changes nothing and needs no central, so it answers when the network is down.</summary>
public static class TerminalInspection
{
    /// <summary>Reads everything in one transaction, so that the figures fit each other while the POS program sells on.</summary>
    /// <param name="path">The terminal's file.</param>
    /// <param name="stuckRows">How many failed, conflicting or refused rows to list.</param>
    /// <exception cref="SyncException">The file cannot be opened or was never attached.</exception>
    public static TerminalView Read(string path, int stuckRows = 20)
    {
        using var database = SqliteDatabase.Open(path);
        var store = new TerminalStore(database);
        database.Execute("BEGIN");
        try
        {
            var state = store.ReadState();
            return new TerminalView
            {
                Path = path,
                Terminal = state.TerminalId,
                CentralId = state.CentralId,
                Counter = state.Counter,
                LastRun = ReadLastRun(database),
                Queue = ReadQueue(database),
                Tables = [.. store.ReadTables().Values.OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Select(t => Checkpoint(store, t))],
                Stuck = ReadStuck(database, stuckRows),
                SetAside = ReadSetAside(database, stuckRows),
            };
        }
        finally
        {
            database.Execute("ROLLBACK");
        }
    }

    /// <summary>The id under which a file is attached; null when it is not.</summary>
    /// <exception cref="SyncException">The file cannot be opened.</exception>
    public static string? FindTerminal(string path)
    {
        using var database = SqliteDatabase.Open(path);
        var store = new TerminalStore(database);
        return store.IsAttached ? store.ReadState().TerminalId : null;
    }

    private static TableCheckpoint Checkpoint(TerminalStore store, TableState table)
    {
        var waiting = table.WaitsForBootstrap && Exists(store.Database, table.Name) ? store.CountRows(table.Name) : 0;
        var load = table.Load switch
        {
            LoadState.Done => "done",
            LoadState.Waiting => "waiting",
            _ => "loading",
        };
        return new TableCheckpoint(table.Name, waiting, load, table.PushStamp ?? (table.Position == default ? null : table.Position.ToString()));
    }

    // A table that the POS program has dropped since is still known here.
    private static bool Exists(SqliteDatabase database, string table)
    {
        var statement = database.Prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE").Bind(1, table);
        var exists = statement.Step();
        statement.Reset();
        return exists;
    }

    private static List<QueueCount> ReadQueue(SqliteDatabase database)
    {
        var counts = new List<QueueCount>();
        var row = database.Prepare("SELECT coalesce(priority, 3), status, count(*) FROM sync_queue GROUP BY 1, 2 ORDER BY 1, 2");
        while (row.Step())
            counts.Add(new QueueCount((int)row.Integer(0), row.Text(1)!, row.Integer(2)));
        return counts;
    }

    private static TerminalRun? ReadLastRun(SqliteDatabase database)
    {
        var row = database.Prepare("SELECT sync_type, direction, records_count, started_at, completed_at, status, error_message FROM sync_log ORDER BY started_at DESC LIMIT 1");
        if (!row.Step() || Instant(row.Text(3)) is not { } started)
            return null;
        var run = new TerminalRun(row.Text(0) ?? "", row.Text(1) ?? "", row.Integer(2), started, Instant(row.Text(4)), row.Text(5) ?? "", row.Text(6));
        row.Reset();
        return run;
    }

    private static List<StuckRow> ReadStuck(SqliteDatabase database, int limit)
    {
        var rows = new List<StuckRow>();
        var row = database.Prepare("""
            SELECT entity_type, entity_id, status, attempts, last_error, next_attempt_at
            FROM sync_queue
            WHERE status IN ('FAILED', 'CONFLICT')
            ORDER BY priority, created_at, entity_type, entity_id
            LIMIT ?1
            """).Bind(1, limit);
        while (row.Step())
            rows.Add(new StuckRow(row.Text(0)!, row.Text(1)!, row.Text(2)!, row.Integer(3), row.Text(4), Instant(row.Text(5))));
        return rows;
    }

    private static List<StuckRow> ReadSetAside(SqliteDatabase database, int limit)
    {
        var rows = new List<StuckRow>();
        var row = database.Prepare("SELECT table_name, key, attempts, reason FROM payflow_aside WHERE attempts > 0 ORDER BY since, table_name, key LIMIT ?1").Bind(1, limit);
        while (row.Step())
            rows.Add(new StuckRow(row.Text(0)!, row.Text(1)!, "FAILED", row.Integer(2), row.Text(3), null));
        return rows;
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
}
