using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Values;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>One table's part of the queue: reads open entries with their rows, ready to travel. Foreign keys to linked parents are translated where the parent's central key is known.</summary>
internal sealed class QueueTable
{
    private readonly SqliteDatabase _database;
    private readonly TerminalCodec[] _codecs;
    private readonly string[] _columns;
    private readonly string _rowColumns;
    private readonly string _read;
    private readonly string _readOne;
    private readonly Dictionary<int, string> _parents = [];
    private readonly Dictionary<int, TablePlan> _parentPlans = [];

    public QueueTable(SqliteDatabase database, SyncPlan plan, TablePlan table)
    {
        _database = database;
        Table = table;
        _codecs = [.. table.Columns.Select(TerminalCodec.For)];
        _columns = [.. table.Columns.Select(c => c.Terminal.Name)];
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (table.Columns[i].References is { } parent && plan.Find(parent) is { } linked)
            {
                _parentPlans[i] = linked;
                _parents[i] = $"SELECT {SqliteName.Quote(linked.ServerIdColumn!)} FROM {SqliteName.Quote(linked.Name)} WHERE {SqliteName.Quote(linked.TerminalKey[0].Name)} = ?";
            }
        }
        _rowColumns = string.Join(", ", _columns.Select(c => "t." + SqliteName.Quote(c)).Prepend(table.KeyMode == KeyMode.Linked ? "t." + SqliteName.Quote(table.ServerIdColumn!) : "NULL").Prepend($"t.{SqliteName.Quote(table.TerminalKey[0].Name)} IS NOT NULL"));
        var name = SqliteName.Quote(table.Name);
        var from = $"FROM sync_queue q LEFT JOIN {name} t ON {KeySql.Matches(table, "t", "q.entity_id")}";
        _read = $"""
            SELECT q.entity_id, q.base, q.attempts, q.status, {_rowColumns}
            {from}
            WHERE q.entity_type = ?1 AND (?2 IS NULL OR q.entity_id > ?2) AND q.batch_id IS NULL AND (q.action = 'DELETE') = ?3
              AND (q.status = 'PENDING' AND (q.next_attempt_at IS NULL OR q.next_attempt_at <= ?4) OR q.status IN ('FAILED', 'CONFLICT') AND q.next_attempt_at <= ?4)
            ORDER BY q.entity_id
            LIMIT ?5
            """;
        _readOne = $"SELECT q.entity_id, q.base, q.attempts, q.status, {_rowColumns} {from} WHERE q.entity_type = ?1 AND q.entity_id = ?2 AND q.batch_id IS NULL AND q.status IN ('PENDING', 'FAILED') AND q.base IS NULL";
    }

    public TablePlan Table { get; }

    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The due entries behind a key, in key order.</summary>
    /// <param name="afterKey">Null for the first.</param>
    /// <param name="deletes">Only deleted rows, or only the others.</param>
    /// <param name="now">What is due; an instant as text.</param>
    /// <param name="limit">At most so many; fewer when they are heavy.</param>
    /// <param name="isLast">Nothing is due behind them.</param>
    public List<QueueEntry> Read(string? afterKey, bool deletes, string now, int limit, out bool isLast)
    {
        var entries = new List<QueueEntry>();
        var size = 0L;
        var row = _database.Prepare(_read).Bind(1, Table.Name).Bind(2, afterKey).Bind(3, deletes ? 1 : 0).Bind(4, now).Bind(5, limit);
        while (row.Step())
        {
            var entry = Entry(row);
            entries.Add(entry);
            size += RowSize.Of(entry.Values) + RowSize.Of(entry.Base);
            if (size < RowSize.Batch)
                continue;
            row.Reset();
            isLast = false;
            return entries;
        }
        isLast = entries.Count < limit;
        return entries;
    }

    /// <summary>The open entry of a row that central never had; null when there is none.</summary>
    public QueueEntry? FindNew(string key)
    {
        var row = _database.Prepare(_readOne).Bind(1, Table.Name).Bind(2, key);
        if (!row.Step())
            return null;
        var entry = Entry(row);
        row.Reset();
        return entry;
    }

    /// <summary>The row as stored, made neutral, with parents translated; <paramref name="first"/> is the index of its first column.</summary>
    public CellValue[] ReadRow(SqliteStatement row, int first)
    {
        var values = new CellValue[_columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _codecs[i].ToNeutral(row.Column(first + i));
        Translate(values);
        return values;
    }

    /// <summary>A before-image in the plan's columns, made neutral, with parents translated.</summary>
    public CellValue[] ReadImage(string json)
    {
        var values = ImageJson.Read(json, _columns);
        for (var i = 0; i < values.Length; i++)
            values[i] = _codecs[i].ToNeutral(values[i]);
        Translate(values);
        return values;
    }

    /// <summary>Linked tables: the central key that an image names; null when it names none.</summary>
    public static string? ServerKeyOf(TablePlan table, string? image) =>
        table.KeyMode == KeyMode.Linked && image is not null && ImageJson.ReadNamed(image).GetValueOrDefault(table.ServerIdColumn!) is { IsNull: false } key ? key.ToString() : null;

    private QueueEntry Entry(SqliteStatement row)
    {
        var exists = row.Integer(4) != 0;
        var image = row.Text(1);
        var serverKey = (exists ? row.Text(5) : null) ?? ServerKeyOf(Table, image);
        return new QueueEntry(row.Text(0)!, image is null ? null : ReadImage(image), exists ? ReadRow(row, 6) : null, serverKey, (int)row.Integer(2), row.Text(3) == "CONFLICT");
    }

    private void Translate(CellValue[] values)
    {
        foreach (var (column, sql) in _parents)
        {
            if (values[column].IsNull)
                continue;
            var parent = _database.Prepare(sql).Bind(1, values[column]);
            var serverKey = parent.Step() ? parent.Text(0) : null;
            parent.Reset();
            serverKey ??= GoneParent(column, values[column].ToString());
            values[column] = serverKey is null ? CellValue.LocalReference(values[column].ToString()) : CellValue.Of(serverKey);
        }
    }

    // The parent is deleted, too: its own entry still knows which central row it was.
    private string? GoneParent(int column, string key)
    {
        var parent = _parentPlans[column];
        var entry = _database.Prepare("SELECT base FROM sync_queue WHERE entity_type = ? AND entity_id = ?").Bind(1, parent.Name).Bind(2, key);
        var image = entry.Step() ? entry.Text(0) : null;
        entry.Reset();
        return ServerKeyOf(parent, image);
    }
}
