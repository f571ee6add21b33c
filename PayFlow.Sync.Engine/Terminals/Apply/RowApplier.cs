using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Queue;
using PayFlow.Sync.Engine.Terminals.Values;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>
/// Writes central's rows into one terminal table: by prepared statements, only what differs, never with REPLACE (which deletes and cascades).
/// To be called inside an uncaptured write transaction.
/// </summary>
internal sealed class RowApplier
{
    private readonly SqliteDatabase _database;
    private readonly TablePlan _table;
    private readonly TerminalCodec[] _codecs;
    private readonly string _name;
    private readonly string _find;
    private readonly string _insert;
    private readonly Dictionary<int, string> _parents = [];
    private readonly int[] _writable;
    private HashSet<string>? _held;
    private readonly List<TablePlan> _dependents;
    private SqliteStatement? _inserting;

    public RowApplier(SqliteDatabase database, SyncPlan plan, TablePlan table)
    {
        _database = database;
        _table = table;
        _codecs = [.. table.Columns.Select(TerminalCodec.For)];
        _name = SqliteName.Quote(table.Name);
        _dependents = Dependents(plan, table);
        _writable = [.. Enumerable.Range(0, table.Columns.Count).Where(i => !table.Columns[i].IsGeneratedInTerminal)];
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (table.Columns[i].References is { } parent && plan.Find(parent) is { } linked)
                _parents[i] = $"SELECT {SqliteName.Quote(linked.TerminalKey[0].Name)} FROM {SqliteName.Quote(linked.Name)} WHERE {SqliteName.Quote(linked.ServerIdColumn!)} = ?";
        }
        var columns = string.Join(", ", table.Columns.Select(c => "t." + SqliteName.Quote(c.Terminal.Name)).Prepend(KeySql.Text(table, "t")));
        _find = $"SELECT {columns} FROM {_name} t WHERE {Where("?1")}";
        _insert = InsertSql();
    }

    private bool IsLinked => _table.KeyMode == KeyMode.Linked;

    // Captured by timestamp: the engine's own writing carries one, too, and is not to be sent back.
    private bool IsStamped => _table is { Pulls: true, Entry.TerminalCapture: CaptureMode.Timestamp };

    /// <summary>Brings the terminal's row to what central has; a row with an open queue entry is left alone.</summary>
    /// <param name="serverKey">Central's key as text.</param>
    /// <param name="values">Central's values; null when the row is gone.</param>
    /// <param name="now">For the bookkeeping columns.</param>
    /// <exception cref="RowRefusedException">The terminal cannot hold it.</exception>
    /// <exception cref="SqliteRowException">The terminal's own constraints or triggers refuse it.</exception>
    public ApplyOutcome Apply(string serverKey, CellValue[]? values, string now)
    {
        var current = Find(serverKey, out var key);
        if (key is not null || !IsLinked)
        {
            if (HasOpenEntry(key ?? serverKey))
                return ApplyOutcome.Busy;
        }
        else if (IsHeld(serverKey))
        {
            return ApplyOutcome.Busy;
        }
        if (values is null)
            return current is null ? ApplyOutcome.Unchanged : Delete(serverKey, now);
        var stored = ToStored(values);
        if (current is null)
        {
            Insert(serverKey, stored, now);
            return ApplyOutcome.Inserted;
        }
        return Update(key!, current, stored, serverKey, now) ? ApplyOutcome.Updated : ApplyOutcome.Unchanged;
    }

    /// <summary>Forgets what is known of the queue; to be called at the beginning of a transaction.</summary>
    public void Begin() => _held = null;

    /// <summary>Inserts without looking first, for a table that was empty; false when the row is there after all.</summary>
    public bool TryInsert(string serverKey, CellValue[] values, string now)
    {
        return Insert(serverKey, ToStored(values), now);
    }

    /// <summary>Takes over what central decided of a row that was sent, known by its own key.</summary>
    public void TakeOver(string key, CellValue[]? values, string? serverKey, string now)
    {
        if (values is null)
        {
            DeleteRow($"DELETE FROM {_name} AS t WHERE {KeySql.Matches(_table, "t", "?1")}", key);
            return;
        }
        if (FindByKey(key) is { } current)
            Update(key, current, ToStored(values), serverKey, now);
        else if ((serverKey ?? (IsLinked ? null : key)) is { } known)
            AskAgain(known, now);
    }

    /// <summary>Sets a row aside with the reason; it is asked for again at every run.</summary>
    public void Refused(string serverKey, string reason, string now) => _database.Prepare("""
        INSERT INTO payflow_aside (table_name, key, reason, since) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (table_name, key) DO UPDATE SET reason = excluded.reason, attempts = attempts + 1
        """).Bind(1, _table.Name).Bind(2, serverKey).Bind(3, reason).Bind(4, now).Run();

    /// <summary>Asks for a row once more as soon as its queue entry is closed: it was passed over because of that.</summary>
    public void AskAgain(string serverKey, string now) =>
        _database.Prepare("INSERT INTO payflow_aside (table_name, key, reason, attempts, since) VALUES (?1, ?2, '', 0, ?3) ON CONFLICT (table_name, key) DO NOTHING").Bind(1, _table.Name).Bind(2, serverKey).Bind(3, now).Run();

    /// <summary>A row that was set aside has arrived.</summary>
    public void Accepted(string serverKey) =>
        _database.Prepare("DELETE FROM payflow_aside WHERE table_name = ?1 AND key = ?2").Bind(1, _table.Name).Bind(2, serverKey).Run();

    /// <summary>Marks a row as agreed: its bookkeeping columns, where the table has them.</summary>
    public void MarkSynced(string key, string? serverKey, string now) => Mark(key, "SYNCED", serverKey ?? (IsLinked ? null : key), now);

    /// <summary>Writes one of the five states into the row's own status column, where the table has one.</summary>
    public void Mark(string key, string status, string? serverKey, string? now)
    {
        var set = new List<(string Column, string? Value)>();
        if (_table.SyncStatusColumn is { } statusColumn)
            set.Add((statusColumn, status));
        if (_table.LastSyncColumn is { } last && now is not null)
            set.Add((last, now));
        if (_table.ServerIdColumn is { } server && serverKey is not null)
            set.Add((server, serverKey));
        if (set.Count == 0)
            return;
        var statement = _database.Prepare($"UPDATE {_name} AS t SET {string.Join(", ", set.Select((s, i) => $"{SqliteName.Quote(s.Column)} = ?{i + 2}"))} WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key);
        for (var i = 0; i < set.Count; i++)
            statement.Bind(i + 2, set[i].Value);
        statement.Run();
    }

    /// <summary>Central's keys of every row without an open queue entry: those that a truncate in central is about.</summary>
    public List<string> AgreedKeys()
    {
        var key = IsLinked ? "t." + SqliteName.Quote(_table.ServerIdColumn!) : KeySql.Text(_table, "t");
        var row = _database.Prepare($"SELECT {key} FROM {_name} t WHERE {key} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sync_queue q WHERE q.entity_type = ?1 AND q.entity_id = {KeySql.Text(_table, "t")})").Bind(1, _table.Name);
        var keys = new List<string>();
        while (row.Step())
            keys.Add(row.Text(0)!);
        return keys;
    }

    /// <summary>The row as stored, by its own key; null when it is gone.</summary>
    public CellValue[]? FindByKey(string key)
    {
        var statement = _database.Prepare($"SELECT {string.Join(", ", _table.Columns.Select(c => "t." + SqliteName.Quote(c.Terminal.Name)))} FROM {_name} t WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key);
        return statement.Step() ? ReadRow(statement, 0) : null;
    }

    /// <summary>Central's values as this table holds them, parents by their local keys.</summary>
    /// <exception cref="RowRefusedException">A column cannot hold its value, or a parent is not here yet.</exception>
    public CellValue[] ToStored(CellValue[] values)
    {
        var stored = new CellValue[values.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            if (_parents.TryGetValue(i, out var sql) && !values[i].IsNull)
                stored[i] = LocalParent(i, sql, values[i]);
            else if (!_codecs[i].TryToTerminal(values[i], out stored[i], out var refusal))
                throw new RowRefusedException($"{_table.Name}.{_table.Columns[i].Terminal.Name}: {refusal}");
        }
        return stored;
    }

    /// <summary>One of central's values as this table holds it; false when the column cannot, or when the parent is not here.</summary>
    public bool TryToStored(int column, in CellValue value, out CellValue stored)
    {
        stored = default;
        if (!_parents.TryGetValue(column, out var sql) || value.IsNull)
            return _codecs[column].TryToTerminal(value, out stored, out _);
        var statement = _database.Prepare(sql).Bind(1, value.ToString());
        var isHere = statement.Step();
        if (isHere)
            stored = statement.Column(0);
        statement.Reset();
        return isHere;
    }

    /// <summary>The terminal's own to write: it does not compute it.</summary>
    public bool IsWritable(int column) => !_table.Columns[column].IsGeneratedInTerminal;

    /// <summary>What an additive column holds when central's total has come in under a change of its own; false when that is no number, or none that the column can hold.</summary>
    public bool TryAdd(int column, in CellValue current, in CellValue total, in CellValue before, out CellValue sum)
    {
        sum = default;
        return ExactDecimal.TryRead(current, out var now) && ExactDecimal.TryRead(total, out var there) && ExactDecimal.TryRead(before, out var sent)
            && TryNeutral(_table.Columns[column], now + (there - sent), out var neutral) && _codecs[column].TryToTerminal(neutral, out sum, out _);
    }

    /// <summary>The column's changes add up.</summary>
    public bool IsAdditive(int column) => _table.Entry.Additive.Contains(_table.Columns[column].Terminal.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether two stored values of a column mean the same.</summary>
    public bool Same(int column, in CellValue a, in CellValue b) => _codecs[column].Same(a, b);

    /// <summary>Writes some columns of a row, by its own key.</summary>
    public void Write(string key, IReadOnlyList<(int Column, CellValue Value)> cells)
    {
        var set = string.Join(", ", cells.Select((c, i) => $"{SqliteName.Quote(_table.Columns[c.Column].Terminal.Name)} = ?{i + 2}"));
        var statement = _database.Prepare($"UPDATE {_name} AS t SET {set} WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key);
        for (var i = 0; i < cells.Count; i++)
            statement.Bind(i + 2, cells[i].Value);
        statement.Run();
    }

    private static bool TryNeutral(ColumnPlan column, ExactDecimal number, out CellValue neutral)
    {
        var fits = true;
        neutral = default;
        if (column.Central.Logical == LogicalType.Integer)
        {
            fits = number.TryToInt64(out var whole);
            neutral = CellValue.Of(whole);
        }
        else
        {
            neutral = column.Central.Logical == LogicalType.Float ? CellValue.Of(DecimalCodec.Nearest(number.ToString())) : CellValue.Of(number.ToString());
        }
        return fits;
    }

    private CellValue[]? Find(string serverKey, out string? key)
    {
        var statement = _database.Prepare(_find).Bind(1, serverKey);
        if (!statement.Step())
        {
            key = null;
            return null;
        }
        key = statement.Text(0);
        return ReadRow(statement, 1);
    }

    private CellValue[] ReadRow(SqliteStatement statement, int first)
    {
        var row = new CellValue[_codecs.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = statement.Column(first + i);
        statement.Reset();
        return row;
    }

    private bool HasOpenEntry(string key)
    {
        var statement = _database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ? AND entity_id = ?").Bind(1, _table.Name).Bind(2, key);
        var open = statement.Step();
        statement.Reset();
        return open;
    }

    // A linked row that the POS program deleted or replaced, and central does not know it yet: only its before-image says which central row it was.
    private bool IsHeld(string serverKey)
    {
        if (_held is null)
        {
            _held = new HashSet<string>(StringComparer.Ordinal);
            var statement = _database.Prepare("SELECT base FROM sync_queue WHERE entity_type = ? AND base IS NOT NULL").Bind(1, _table.Name);
            while (statement.Step())
            {
                if (QueueTable.ServerKeyOf(_table, statement.Text(0)) is { } held)
                    _held.Add(held);
            }
        }
        return _held.Contains(serverKey);
    }

    private bool Insert(string serverKey, CellValue[] stored, string now)
    {
        // Kept, because looking it up by its text costs as much as binding it; every parameter is bound anew.
        var statement = _inserting ??= _database.Prepare(_insert);
        var parameter = 1;
        foreach (var column in _writable)
            statement.Bind(parameter++, stored[column]);
        if (IsLinked && !_table.TerminalKey[0].IsAutoNumber)
            statement.Bind(parameter++, serverKey);
        if (_table.ServerIdColumn is not null)
            statement.Bind(parameter++, serverKey);
        if (_table.SyncStatusColumn is not null)
            statement.Bind(parameter++, "SYNCED");
        if (_table.LastSyncColumn is not null)
            statement.Bind(parameter, now);
        var isNew = statement.Run() > 0;
        if (isNew && IsStamped)
            KeepEcho(Where("?2"), serverKey);
        return isNew;
    }

    /// <summary>Remembers the timestamp of a row as it stands: the reading by timestamp passes it over.</summary>
    public void KeepEcho(string key) => KeepEcho(KeySql.Matches(_table, "t", "?2"), key);

    private void KeepEcho(string where, string key) => _database.Prepare($"""
        INSERT INTO payflow_echo (table_name, key, stamp) SELECT ?1, {KeySql.Text(_table, "t")}, t.{SqliteName.Quote(_table.TerminalTimestamp!.Name)} FROM {_name} t WHERE {where}
        ON CONFLICT (table_name, key) DO UPDATE SET stamp = excluded.stamp
        """).Bind(1, _table.Name).Bind(2, key).Run();

    private bool Update(string key, CellValue[] current, CellValue[] wanted, string? serverKey, string now)
    {
        var cells = new List<(int, CellValue)>();
        foreach (var i in _writable)
        {
            if (!_table.Columns[i].IsKey && !_codecs[i].Same(current[i], wanted[i]))
                cells.Add((i, wanted[i]));
        }
        if (cells.Count == 0)
            return false;
        Write(key, cells);
        MarkSynced(key, serverKey, now);
        if (IsStamped)
            KeepEcho(key);
        return true;
    }

    private ApplyOutcome Delete(string serverKey, string now)
    {
        if (_table.SoftDelete is { } soft)
        {
            var column = SqliteName.Quote(soft.Terminal.Name);
            var marked = _database.Prepare($"UPDATE {_name} AS t SET {column} = ?2 WHERE {Where("?1")} AND {column} IS NULL").Bind(1, serverKey).Bind(2, now).Run();
            return marked > 0 ? ApplyOutcome.Deleted : ApplyOutcome.Unchanged;
        }
        DeleteRow($"DELETE FROM {_name} AS t WHERE {Where("?1")}", serverKey);
        return ApplyOutcome.Deleted;
    }

    // ON DELETE CASCADE must not take rows along that central has never seen.
    private void DeleteRow(string sql, string key)
    {
        var unsent = _dependents.Where(d => HasUnsent(d)).Select(d => (Table: d, Before: CountGone(d))).ToList();
        if (unsent.Count > 0)
            _database.Execute("SAVEPOINT cascade");
        _database.Prepare(sql).Bind(1, key).Run();
        if (unsent.Count == 0)
            return;
        var taken = unsent.FirstOrDefault(d => CountGone(d.Table) > d.Before).Table;
        _database.Execute(taken is null ? "RELEASE cascade" : "ROLLBACK TO cascade; RELEASE cascade");
        if (taken is not null)
            throw new RowRefusedException($"{_table.Name}: deleted in central, but {taken.Name} still has rows of it that were never sent");
    }

    private bool HasUnsent(TablePlan dependent)
    {
        var statement = _database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ? AND action <> 'DELETE' LIMIT 1").Bind(1, dependent.Name);
        var any = statement.Step();
        statement.Reset();
        return any;
    }

    // Rows with something to send that are not there.
    private long CountGone(TablePlan dependent)
    {
        var count = _database.Prepare($"SELECT count(*) FROM sync_queue q WHERE q.entity_type = ? AND q.action <> 'DELETE' AND NOT EXISTS (SELECT 1 FROM {SqliteName.Quote(dependent.Name)} t WHERE {KeySql.Matches(dependent, "t", "q.entity_id")})").Bind(1, dependent.Name);
        count.Step();
        var gone = count.Integer(0);
        count.Reset();
        return gone;
    }

    private static List<TablePlan> Dependents(SyncPlan plan, TablePlan table)
    {
        var found = new List<TablePlan>();
        for (var open = new Queue<TablePlan>([table]); open.TryDequeue(out var parent);)
        {
            foreach (var child in plan.Tables.Where(t => t.Pulls && !found.Contains(t) && t.Terminal.ForeignKeys.Any(f => string.Equals(f.ParentTable, parent.Name, StringComparison.OrdinalIgnoreCase))))
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }
        return found;
    }

    private CellValue LocalParent(int column, string sql, CellValue serverKey)
    {
        var statement = _database.Prepare(sql).Bind(1, serverKey.ToString());
        if (!statement.Step())
            throw new RowRefusedException($"waits for {_table.Columns[column].References}/{serverKey}");
        var local = statement.Column(0);
        statement.Reset();
        return local;
    }

    private string Where(string key) => IsLinked ? $"t.{SqliteName.Quote(_table.ServerIdColumn!)} = {key}" : KeySql.Matches(_table, "t", key);

    private string InsertSql()
    {
        var columns = _writable.Select(i => _table.Columns[i].Terminal.Name).ToList();
        if (IsLinked && !_table.TerminalKey[0].IsAutoNumber)
            columns.Add(_table.TerminalKey[0].Name);
        columns.AddRange(new[] { _table.ServerIdColumn, _table.SyncStatusColumn, _table.LastSyncColumn }.OfType<string>());
        // A row that is there after all is left as it is; any other conflict is an error with its own words.
        var conflict = IsLinked ? string.Empty : $" ON CONFLICT ({string.Join(", ", _table.TerminalKey.Select(c => SqliteName.Quote(c.Name)))}) DO NOTHING";
        return $"INSERT INTO {_name} ({string.Join(", ", columns.Select(SqliteName.Quote))}) VALUES ({string.Join(", ", columns.Select(_ => "?"))}){conflict}";
    }
}
