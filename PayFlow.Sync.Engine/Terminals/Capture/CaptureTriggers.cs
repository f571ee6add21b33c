using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Terminals.Capture;

/// <summary>
/// The triggers that write <c>sync_queue</c>: one open entry per row, coalesced, the first before-image kept. They use nothing but what every SQLite build
/// of the last years has, because the POS program's own connection runs them.
/// </summary>
/// <remarks>
/// An <c>ON CONFLICT</c> clause of the statement that fires a trigger replaces any <c>OR IGNORE</c>/<c>OR REPLACE</c> inside of it (https://www.sqlite.org/lang_createtrigger.html),
/// so the bodies use UPSERT only, which is not replaced. <c>INSERT OR REPLACE</c> fires no delete trigger: the BEFORE INSERT trigger keeps the image of the row that is about to go.
/// </remarks>
internal sealed class CaptureTriggers
{
    private const string Now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
    private const string Listening = "(SELECT applying FROM payflow_state) = 0";

    private readonly TablePlan _table;
    private readonly string _name;
    private readonly string _entity;
    private readonly IReadOnlyList<string> _columns;
    private readonly IReadOnlyList<string> _image;

    public CaptureTriggers(TablePlan table)
    {
        _table = table;
        _name = SqliteName.Quote(table.Name);
        _entity = SqliteName.Literal(table.Name);
        _columns = [.. table.Columns.Where(c => !c.IsGeneratedInTerminal).Select(c => c.Terminal.Name)];
        // When the row is gone, or replaced by one that does not know it, nobody but its image can say which central row it was.
        _image = table.KeyMode == KeyMode.Linked ? [.. _columns, table.ServerIdColumn!] : _columns;
    }

    /// <summary>Trigger name to the statement that makes it.</summary>
    public IReadOnlyDictionary<string, string> Statements()
    {
        var statements = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [TriggerName("replace")] = BeforeInsert(),
            [TriggerName("insert")] = AfterInsert(),
            [TriggerName("displace")] = BeforeUpdate(),
            [TriggerName("update")] = AfterUpdate(),
            [TriggerName("rekey")] = AfterKeyChange(),
            [TriggerName("delete")] = AfterDelete(),
        };
        if (_table.SyncStatusColumn is { } status)
            statements[TriggerName("status")] = AfterInsertStatus(status);
        return statements;
    }

    private string TriggerName(string suffix) => $"payflow_{_table.Name}_{suffix}";

    private string BeforeInsert()
    {
        var taken = string.Join(" OR ", UniqueKeys().Select(columns => "(" + string.Join(" AND ", columns.Select(c => $"o.{SqliteName.Quote(c)} = NEW.{SqliteName.Quote(c)}")) + ")"));
        return Trigger("replace", "BEFORE INSERT", $"{Listening} AND EXISTS (SELECT 1 FROM {_name} o WHERE {taken})",
            $"""
              INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)
              SELECT {_entity}, {KeySql.Text(_table, "o")}, 'UPDATE', {_table.Entry.Priority}, {ImageJson.Expression("o", _image)}, {Now} FROM {_name} o WHERE {taken}
              ON CONFLICT (entity_type, entity_id) DO UPDATE SET {Touched("excluded.base")};
            """);
    }

    // UPDATE OR REPLACE removes the row whose unique value is taken as silently as INSERT OR REPLACE does.
    private string BeforeUpdate()
    {
        var taken = string.Join(" OR ", UniqueKeys().Select(columns =>
            "(" + string.Join(" AND ", columns.Select(c => $"o.{SqliteName.Quote(c)} = NEW.{SqliteName.Quote(c)}")) + " AND (" + string.Join(" OR ", columns.Select(c => $"OLD.{SqliteName.Quote(c)} IS NOT NEW.{SqliteName.Quote(c)}")) + "))"));
        var other = $"NOT ({KeySql.Equal(_table, "o", "OLD")}) AND ({taken})";
        return Trigger("displace", "BEFORE UPDATE OF " + string.Join(", ", UniqueKeys().SelectMany(c => c).Distinct(StringComparer.OrdinalIgnoreCase).Select(SqliteName.Quote)),
            $"{Listening} AND EXISTS (SELECT 1 FROM {_name} o WHERE {other})",
            $"""
              INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)
              SELECT {_entity}, {KeySql.Text(_table, "o")}, 'UPDATE', {_table.Entry.Priority}, {ImageJson.Expression("o", _image)}, {Now} FROM {_name} o WHERE {other}
              ON CONFLICT (entity_type, entity_id) DO UPDATE SET {Touched("excluded.base")};
            """);
    }

    // A row without a key cannot be told from another; it is captured as soon as the POS program gives it one.
    private string AfterInsert() => Trigger("insert", "AFTER INSERT", $"{Listening} AND {HasKey("NEW")}", InsertEntry());

    private string AfterUpdate()
    {
        var changed = string.Join(" OR ", _columns.Select(c => $"OLD.{SqliteName.Quote(c)} COLLATE BINARY IS NOT NEW.{SqliteName.Quote(c)}"));
        // 1 and 1.0 are equal to IS NOT, and so are they to central.
        var body = $"""
              INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)
              VALUES ({_entity}, {KeySql.Text(_table, "NEW")}, 'UPDATE', {_table.Entry.Priority}, {ImageJson.Expression("OLD", _image)}, {Now})
              ON CONFLICT (entity_type, entity_id) DO UPDATE SET {Touched("excluded.base")};
            """;
        if (_table.SyncStatusColumn is { } status)
            body += "\n" + SetPending(status);
        return Trigger("update", "AFTER UPDATE OF " + string.Join(", ", _columns.Select(SqliteName.Quote)),
            $"{Listening} AND {HasKey("NEW")} AND {KeySql.Equal(_table, "OLD", "NEW")} AND ({changed})", body);
    }

    private string AfterKeyChange() => Trigger("rekey", "AFTER UPDATE OF " + string.Join(", ", _table.TerminalKey.Select(c => SqliteName.Quote(c.Name))),
        $"{Listening} AND NOT ({KeySql.Equal(_table, "OLD", "NEW")})", DeleteEntry(HasKey("OLD")) + "\n" + InsertEntry(HasKey("NEW")));

    private string AfterDelete() => Trigger("delete", "AFTER DELETE", $"{Listening} AND {HasKey("OLD")}", DeleteEntry());

    private string AfterInsertStatus(string status) =>
        Trigger("status", "AFTER INSERT", $"{Listening} AND NEW.{SqliteName.Quote(status)} IS NOT 'PENDING'", SetPending(status));

    private string HasKey(string row) => string.Join(" AND ", _table.TerminalKey.Select(c => $"{row}.{SqliteName.Quote(c.Name)} IS NOT NULL"));

    // The usual trigger has its condition outside: VALUES is cheaper than a SELECT, and every sale pays for it.
    private string InsertEntry(string? condition = null)
    {
        var values = $"{_entity}, {KeySql.Text(_table, "NEW")}, 'INSERT', {_table.Entry.Priority}, {Now}";
        return $"""
              INSERT INTO sync_queue (entity_type, entity_id, action, priority, created_at)
              {(condition is null ? $"VALUES ({values})" : $"SELECT {values} WHERE {condition}")}
              ON CONFLICT (entity_type, entity_id) DO UPDATE SET {Touched("'null'")};
            """;
    }

    // A row that central has never heard of leaves no trace: inserted and deleted cancel out.
    private string DeleteEntry(string condition = "true") =>
        $"""
          INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)
          SELECT {_entity}, {KeySql.Text(_table, "OLD")}, 'DELETE', {_table.Entry.Priority}, {ImageJson.Expression("OLD", _image)}, {Now} WHERE {condition}
          ON CONFLICT (entity_type, entity_id) DO UPDATE SET
            action = CASE WHEN base IS NULL AND batch_id IS NULL AND status IN ('PENDING', 'FAILED') THEN 'CANCEL' ELSE 'DELETE' END, {Reopened("excluded.base")};
          DELETE FROM sync_queue WHERE entity_type = {_entity} AND entity_id = {KeySql.Text(_table, "OLD")} AND action = 'CANCEL';
        """;

    private string SetPending(string status) =>
        $"  UPDATE {_name} SET {SqliteName.Quote(status)} = 'PENDING' WHERE {KeySql.Equal(_table, _name, "NEW")} AND {SqliteName.Quote(status)} IS NOT 'PENDING';";

    // The row is there (again): what central does not have yet stays an insert.
    private static string Touched(string image) => $"action = CASE WHEN base IS NULL THEN 'INSERT' ELSE 'UPDATE' END, {Reopened(image)}";

    // An entry that is on its way is opened again, and what was sent is kept in payload: it becomes the before-image when central acknowledges it.
    // One that waits for a decision is due at once, whatever the clocks say, but stays what it is: the change joins the conflict.
    private static string Reopened(string image) =>
        $"payload = CASE WHEN batch_id IS NOT NULL AND payload IS NULL THEN {image} ELSE payload END, status = CASE status WHEN 'CONFLICT' THEN 'CONFLICT' ELSE 'PENDING' END, " +
        $"attempts = 0, next_attempt_at = CASE status WHEN 'CONFLICT' THEN '{Acknowledgement.AtOnce}' END, last_error = CASE status WHEN 'CONFLICT' THEN last_error END, updated_at = {Now}";

    private IEnumerable<IReadOnlyList<string>> UniqueKeys() =>
        _table.Terminal.Indexes.Where(i => i is { IsUnique: true, IsPlain: true }).Select(i => i.Columns).Prepend([.. _table.TerminalKey.Select(c => c.Name)]);

    private string Trigger(string suffix, string @event, string when, string body) =>
        $"CREATE TRIGGER {SqliteName.Quote(TriggerName(suffix))} {@event} ON {_name} FOR EACH ROW WHEN {when}\nBEGIN\n{body}\nEND";
}
