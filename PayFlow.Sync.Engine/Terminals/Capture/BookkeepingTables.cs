using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Terminals.Capture;

/// <summary>The tables that PayFlow keeps in a terminal's file: the specification's <c>sync_queue</c> and <c>sync_log</c>, and five of its own.</summary>
internal static class BookkeepingTables
{
    private static readonly string[] QueueColumns = ["entity_type", "entity_id", "action", "payload", "priority", "status", "attempts", "last_error", "created_at", "updated_at", "base", "batch_id", "next_attempt_at"];
    private static readonly string[] LogColumns = ["id", "sync_type", "direction", "records_count", "started_at", "completed_at", "status", "error_message"];

    // id is computed: "table:key" is the primary key in two parts, so storing it again would make each sale pay for it twice.
    private const string Queue = """
        CREATE TABLE sync_queue (
          id TEXT GENERATED ALWAYS AS (entity_type || ':' || entity_id) VIRTUAL,
          entity_type TEXT NOT NULL,
          entity_id TEXT NOT NULL,
          action TEXT NOT NULL,
          payload TEXT,
          priority INTEGER,
          status TEXT NOT NULL DEFAULT 'PENDING',
          attempts INTEGER NOT NULL DEFAULT 0,
          last_error TEXT,
          created_at DATETIME,
          updated_at DATETIME,
          base TEXT,
          batch_id TEXT,
          next_attempt_at DATETIME,
          PRIMARY KEY (entity_type, entity_id)
        ) WITHOUT ROWID
        """;

    private const string Others = """
        CREATE TABLE IF NOT EXISTS sync_log (
          id TEXT PRIMARY KEY,
          sync_type TEXT,
          direction TEXT,
          records_count INTEGER,
          started_at DATETIME,
          completed_at DATETIME,
          status TEXT,
          error_message TEXT
        );
        CREATE TABLE IF NOT EXISTS payflow_state (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          applying INTEGER NOT NULL DEFAULT 0,
          terminal_id TEXT NOT NULL,
          central_id TEXT NOT NULL,
          lineage TEXT NOT NULL,
          counter INTEGER NOT NULL DEFAULT 0,
          nonce TEXT,
          pending_counter INTEGER,
          pending_nonce TEXT,
          restored TEXT,
          attached_at DATETIME NOT NULL
        );
        CREATE TABLE IF NOT EXISTS payflow_tables (
          name TEXT PRIMARY KEY,
          boot_state TEXT NOT NULL DEFAULT 'done',
          boot_key TEXT,
          load_state TEXT NOT NULL DEFAULT 'waiting',
          load_key TEXT,
          log_generation INTEGER NOT NULL DEFAULT 0,
          log_xid INTEGER NOT NULL DEFAULT 0,
          log_id INTEGER NOT NULL DEFAULT 0,
          push_stamp TEXT,
          push_key TEXT,
          shape TEXT,
          pull_stamp TEXT,
          pull_key TEXT
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS payflow_aside (
          table_name TEXT NOT NULL,
          key TEXT NOT NULL,
          reason TEXT NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 1,
          since DATETIME NOT NULL,
          PRIMARY KEY (table_name, key)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS payflow_echo (
          table_name TEXT NOT NULL,
          key TEXT NOT NULL,
          stamp TEXT,
          PRIMARY KEY (table_name, key)
        ) WITHOUT ROWID
        """;

    /// <summary>Creates what is missing; to be called inside a write transaction.</summary>
    /// <exception cref="SyncException">A table of one of these names belongs to another program.</exception>
    public static void Create(SqliteDatabase database)
    {
        CreateQueue(database);
        if (Columns(database, "sync_log") is { Count: > 0 } log && LogColumns.Where(c => !log.Contains(c)).ToList() is { Count: > 0 } missing)
            throw Foreign(database, "sync_log", $"it lacks {string.Join(", ", missing)}");
        database.Execute(Others);
        database.Execute(JournalTable.Sql);
    }

    /// <summary>Removes everything PayFlow keeps in the file, its log and its indexes on the POS program's tables included.</summary>
    public static void Drop(SqliteDatabase database)
    {
        var indexes = new List<string>();
        var row = database.Prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'payflow\\_%' ESCAPE '\\'");
        while (row.Step())
            indexes.Add(row.Text(0)!);
        foreach (var index in indexes)
            database.Execute($"DROP INDEX {SqliteName.Quote(index)}");
        database.Execute("DROP TABLE IF EXISTS sync_queue; DROP TABLE IF EXISTS sync_log; DROP TABLE IF EXISTS payflow_state; DROP TABLE IF EXISTS payflow_tables; DROP TABLE IF EXISTS payflow_aside; DROP TABLE IF EXISTS payflow_echo; DROP TABLE IF EXISTS payflow_journal");
    }

    public static bool Exist(SqliteDatabase database) => Columns(database, "payflow_state").Count > 0;

    private static void CreateQueue(SqliteDatabase database)
    {
        var columns = Columns(database, "sync_queue");
        if (columns.Count > 0 && QueueColumns.All(columns.Contains))
            return;
        if (columns.Count > 0)
        {
            var rows = database.Prepare("SELECT count(*) FROM sync_queue");
            rows.Step();
            if (rows.Integer(0) is > 0 and var waiting)
                throw Foreign(database, "sync_queue", $"it holds {waiting} entries");
            rows.Reset();
            database.Execute("DROP TABLE sync_queue");
        }
        database.Execute(Queue);
    }

    private static HashSet<string> Columns(SqliteDatabase database, string table)
    {
        var columns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var statement = database.Prepare("SELECT name FROM pragma_table_xinfo(?)").Bind(1, table);
        while (statement.Step())
            columns.Add(statement.Text(0)!);
        return columns;
    }

    private static SyncException Foreign(SqliteDatabase database, string table, string why) =>
        new(SyncErrorCode.SchemaMismatch, $"{database.Path} has a table {table} of another program: {why}", $"Let that program finish its own sync, then rename or drop {table} and attach again.") { Table = table };
}
