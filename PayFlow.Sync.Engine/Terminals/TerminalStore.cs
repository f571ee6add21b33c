using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals;

/// <summary>A terminal's file with PayFlow's bookkeeping: state, checkpoints, log. Every method is one statement or part of the caller's transaction.</summary>
internal sealed class TerminalStore(SqliteDatabase database)
{
    public SqliteDatabase Database { get; } = database;

    public bool IsAttached => BookkeepingTables.Exist(Database);

    public DatabaseSchema ReadSchema() => SqliteSchemaReader.Read(Database.Connection);

    /// <summary>Changes with every change of a table, index or trigger.</summary>
    public string SchemaVersion()
    {
        var statement = Database.Prepare("PRAGMA schema_version");
        statement.Step();
        var version = statement.Integer(0);
        statement.Reset();
        return version.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <exception cref="SyncException">The file was never attached.</exception>
    public TerminalIdentity ReadState()
    {
        if (!IsAttached)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{Database.Path} is not attached to a central", "Run: payflow attach --sqlite FILE --terminal ID");
        var row = Database.Prepare("SELECT terminal_id, central_id, lineage, counter, nonce, pending_counter, pending_nonce, restored FROM payflow_state");
        row.Step();
        var state = new TerminalIdentity
        {
            TerminalId = row.Text(0)!,
            CentralId = Guid.Parse(row.Text(1)!),
            Lineage = Guid.Parse(row.Text(2)!),
            Counter = row.Integer(3),
            Nonce = row.Text(4) is { } nonce ? Guid.Parse(nonce) : null,
            PendingCounter = row.Text(5) is null ? null : row.Integer(5),
            PendingNonce = row.Text(6) is { } pending ? Guid.Parse(pending) : null,
            Restored = row.Text(7),
        };
        row.Reset();
        return state;
    }

    public void AnnounceAdvance(long counter, Guid nonce) =>
        Database.Prepare("UPDATE payflow_state SET pending_counter = ?, pending_nonce = ?").Bind(1, counter).Bind(2, nonce.ToString()).Run();

    /// <summary>Remembers which side was restored, until null says that it has been caught up with.</summary>
    public void WriteRestored(string? side) => Database.Prepare("UPDATE payflow_state SET restored = ?").Bind(1, side).Run();

    public void ConfirmAdvance(long counter, Guid nonce) =>
        Database.Prepare("UPDATE payflow_state SET counter = ?, nonce = ?, pending_counter = NULL, pending_nonce = NULL").Bind(1, counter).Bind(2, nonce.ToString()).Run();

    public Dictionary<string, TableState> ReadTables()
    {
        var tables = new Dictionary<string, TableState>(StringComparer.OrdinalIgnoreCase);
        var row = Database.Prepare("SELECT name, boot_state, boot_key, load_state, load_key, log_generation, log_xid, log_id, push_stamp, push_key, pull_stamp, pull_key, shape FROM payflow_tables");
        while (row.Step())
        {
            tables.Add(row.Text(0)!, new TableState
            {
                Name = row.Text(0)!,
                WaitsForBootstrap = row.Text(1) != "done",
                IsResent = row.Text(1) == "resend",
                BootstrapKey = row.Text(2),
                Load = Enum.Parse<LoadState>(row.Text(3)!, ignoreCase: true),
                LoadKey = row.Text(4),
                Position = new LogPosition((int)row.Integer(5), row.Integer(6), row.Integer(7)),
                PushStamp = row.Text(8),
                PushKey = row.Text(9),
                PullStamp = row.Text(10),
                PullKey = row.Text(11),
                Shape = row.Text(12),
            });
        }
        return tables;
    }

    public void WriteTable(TableState table) => Database.Prepare("""
        INSERT INTO payflow_tables (name, boot_state, boot_key, load_state, load_key, log_generation, log_xid, log_id, push_stamp, push_key, pull_stamp, pull_key, shape)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (name) DO UPDATE SET boot_state = ?2, boot_key = ?3, load_state = ?4, load_key = ?5, log_generation = ?6, log_xid = ?7, log_id = ?8,
          push_stamp = ?9, push_key = ?10, pull_stamp = ?11, pull_key = ?12, shape = ?13
        """)
        .Bind(1, table.Name).Bind(2, !table.WaitsForBootstrap ? "done" : table.IsResent ? "resend" : "waiting").Bind(3, table.BootstrapKey).Bind(4, table.Load.ToString().ToLowerInvariant()).Bind(5, table.LoadKey)
        .Bind(6, table.Position.Generation).Bind(7, table.Position.Transaction).Bind(8, table.Position.Entry)
        .Bind(9, table.PushStamp).Bind(10, table.PushKey).Bind(11, table.PullStamp).Bind(12, table.PullKey).Bind(13, table.Shape).Run();

    public long CountRows(string table)
    {
        var statement = Database.Prepare($"SELECT count(*) FROM {SqliteName.Quote(table)}");
        statement.Step();
        var rows = statement.Integer(0);
        statement.Reset();
        return rows;
    }

    public bool HasRows(string table)
    {
        var statement = Database.Prepare($"SELECT 1 FROM {SqliteName.Quote(table)} LIMIT 1");
        var any = statement.Step();
        statement.Reset();
        return any;
    }

    /// <summary>Whether a table has neither rows nor open entries: an empty table may be one whose rows the POS program has just deleted, and central does not know it yet.</summary>
    public bool IsUntouched(string table)
    {
        // One statement, so that no row can turn into an entry between two looks.
        var statement = Database.Prepare($"SELECT 1 FROM {SqliteName.Quote(table)} UNION ALL SELECT 1 FROM sync_queue WHERE entity_type = ?1 LIMIT 1").Bind(1, table);
        var any = statement.Step();
        statement.Reset();
        return !any;
    }

    /// <summary>Lets an AUTOINCREMENT table count on from a terminal's own block, unless it is past its beginning already: https://www.sqlite.org/autoinc.html</summary>
    public void BeginKeyBlock(string table, long first)
    {
        if (Database.Prepare("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1").Bind(1, table).Bind(2, first).Run() == 0)
            Database.Prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)").Bind(1, table).Bind(2, first).Run();
    }

    /// <summary>Entries of the queue by status.</summary>
    public Dictionary<string, long> CountQueue()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var row = Database.Prepare("SELECT status, count(*) FROM sync_queue GROUP BY status");
        while (row.Step())
            counts[row.Text(0)!] = row.Integer(1);
        return counts;
    }

    /// <summary>The rows that central has refused for the last time, the first ones.</summary>
    public List<Sessions.DeadLetter> ReadDeadLetters()
    {
        var rows = new List<Sessions.DeadLetter>();
        var row = Database.Prepare("SELECT entity_type, entity_id, last_error FROM sync_queue WHERE status = 'FAILED' AND next_attempt_at IS NULL ORDER BY entity_type, entity_id LIMIT ?1").Bind(1, (long)Sessions.DeadLetter.Reported);
        while (row.Step())
            rows.Add(new(row.Text(0)!, row.Text(1)!, row.Text(2)));
        return rows;
    }

    /// <summary>The rows whose entries wait for a decision in central; those that are on their way are none of them.</summary>
    public List<Sessions.ConflictingRow> ReadConflicts()
    {
        var rows = new List<Sessions.ConflictingRow>();
        var row = Database.Prepare("SELECT entity_type, entity_id FROM sync_queue WHERE status = 'CONFLICT' AND batch_id IS NULL ORDER BY entity_type, entity_id");
        while (row.Step())
            rows.Add(new(row.Text(0)!, row.Text(1)!));
        return rows;
    }

    public long CountAside()
    {
        var statement = Database.Prepare("SELECT count(*) FROM payflow_aside WHERE attempts > 0");
        statement.Step();
        var rows = statement.Integer(0);
        statement.Reset();
        return rows;
    }

    /// <summary>Makes the capture triggers what the plan wants; to be called in a write transaction.</summary>
    /// <returns>Tables whose triggers had gone although the table was attached: somebody rebuilt the table, and what happened since was not captured.</returns>
    public List<string> EnsureTriggers(SyncPlan plan)
    {
        var present = ReadTriggers();
        var known = ReadTables();
        var gaps = new List<string>();
        foreach (var table in plan.Tables.Where(IsCaptured))
        {
            var wanted = new CaptureTriggers(table).Statements();
            if (known.ContainsKey(table.Name) && !wanted.Keys.Any(present.ContainsKey))
                gaps.Add(table.Name);
            foreach (var (name, sql) in wanted)
            {
                if (present.Remove(name, out var current) && current == sql)
                    continue;
                Database.Execute($"DROP TRIGGER IF EXISTS {SqliteName.Quote(name)}");
                Database.Execute(sql);
            }
        }
        foreach (var stale in present.Keys)
            Database.Execute($"DROP TRIGGER {SqliteName.Quote(stale)}");
        return gaps;
    }

    public bool TriggersFit(SyncPlan plan)
    {
        var present = ReadTriggers();
        var wanted = plan.Tables.Where(IsCaptured).SelectMany(t => new CaptureTriggers(t).Statements()).ToList();
        return wanted.Count == present.Count && wanted.All(w => present.TryGetValue(w.Key, out var sql) && sql == w.Value);
    }

    /// <summary>A run's row in the terminal's own <c>sync_log</c>, with the specification's columns.</summary>
    public void WriteLog(Guid runId, string syncType, string direction, long records, DateTimeOffset started, DateTimeOffset completed, string status, string? error) => Database.Prepare("""
        INSERT INTO sync_log (id, sync_type, direction, records_count, started_at, completed_at, status, error_message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET records_count = excluded.records_count, completed_at = excluded.completed_at, status = excluded.status, error_message = excluded.error_message
        """)
        .Bind(1, runId.ToString()).Bind(2, syncType).Bind(3, direction).Bind(4, records).Bind(5, Instant(started)).Bind(6, Instant(completed)).Bind(7, status).Bind(8, error).Run();

    public static string Instant(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsCaptured(TablePlan table) => table is { Pulls: true, Entry.TerminalCapture: CaptureMode.Trigger };

    private Dictionary<string, string> ReadTriggers()
    {
        var triggers = new Dictionary<string, string>(StringComparer.Ordinal);
        var row = Database.Prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'payflow\\_%' ESCAPE '\\'");
        while (row.Step())
            triggers.Add(row.Text(0)!, row.Text(1)!);
        return triggers;
    }
}
