using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>
/// Brings rows of one terminal table to what central has: only what differs is written, and nothing over a row with an open queue entry.
/// To be called inside an uncaptured write transaction.
/// </summary>
internal sealed class RowApplier
{
    private readonly SqliteDatabase _database;
    private readonly TablePlan _table;
    private readonly RowFinder _rows;
    private readonly RowWriter _writer;
    private readonly RowTranslator _translator;
    private readonly OpenEntries _open;
    private readonly EchoList _echoes;
    private readonly AsideList _aside;

    public RowApplier(SqliteDatabase database, SyncPlan plan, TablePlan table, TerminalJournal journal)
    {
        _database = database;
        _table = table;
        _rows = new RowFinder(database, table);
        _echoes = new EchoList(database, table);
        _writer = new RowWriter(database, plan, table, _rows, _echoes, journal);
        _translator = new RowTranslator(database, plan, table);
        _open = new OpenEntries(database, table);
        _aside = new AsideList(database, table);
    }

    private bool IsLinked => _table.KeyMode == KeyMode.Linked;

    // Without AUTOINCREMENT a new row gets the number of the last one when that was deleted.
    private bool ReusesNumbers => IsLinked && _table.TerminalKey[0].IsAutoNumber && !_table.Terminal.IsAutoIncrement;

    /// <summary>Brings the terminal's row to what central has; a row with an open queue entry is left alone.</summary>
    /// <param name="serverKey">Central's key as text.</param>
    /// <param name="values">Central's values; null when the row is gone.</param>
    /// <param name="now">For the bookkeeping columns.</param>
    /// <exception cref="RowRefusedException">The terminal cannot hold it.</exception>
    /// <exception cref="SqliteRowException">The terminal's own constraints or triggers refuse it.</exception>
    public ApplyOutcome Apply(string serverKey, CellValue[]? values, string now)
    {
        var current = _rows.Find(serverKey, out var key);
        if (key is not null || !IsLinked)
        {
            if (_open.Has(key ?? serverKey))
                return ApplyOutcome.Busy;
        }
        else if (_open.Hold(serverKey))
        {
            return ApplyOutcome.Busy;
        }
        if (values is null)
            return current is null || _table.IgnoresDeletes ? ApplyOutcome.Unchanged : Delete(key!, now);
        var stored = ToStored(values);
        if (current is null)
        {
            // Not found by its key, and yet there: it would never hear of central's changes, and nobody of that.
            if (!Insert(serverKey, stored, null, now))
                throw new RowRefusedException($"{_table.Name}: a row with the key {serverKey} is there already, spelled otherwise");
            return ApplyOutcome.Inserted;
        }
        // A mark that does not travel with the row: what central has is not deleted.
        var revived = _table.TerminalSoftDelete is not null && _table.SoftDelete is null && _writer.Revive(key!);
        return Update(key!, current, stored, serverKey, now) || revived ? ApplyOutcome.Updated : ApplyOutcome.Unchanged;
    }

    /// <summary>Forgets what is known of the queue; to be called at the beginning of a transaction.</summary>
    public void Begin() => _open.Begin();

    /// <summary>Whether the POS program has changed the row with that own key, and central does not know it yet.</summary>
    public bool IsOpen(string key) => _open.Has(key);

    /// <summary>
    /// Makes out beforehand what <see cref="TryInsert"/> needs, where that takes no look at the database: for another thread than the one that writes.
    /// A row that cannot be stored stays as it is; whoever writes it meets the reason.
    /// </summary>
    public IncomingRow Prepare(IncomingRow row)
    {
        if (!_translator.IsPure || !_writer.IsStoredAsWritten || row.Values is null || !_translator.TryToStored(row.Values, out var stored))
            return row;
        return row with { Stored = stored, Hash = _writer.HashOf(stored) };
    }

    /// <summary>Inserts without looking first, for a table that was empty; false when the row is there after all.</summary>
    public bool TryInsert(in IncomingRow row, string now) =>
        row.Stored is { } stored ? Insert(row.Key, stored, row.Hash, now) : Insert(row.Key, ToStored(row.Values!), null, now);

    // An open entry knows its row by number: a row that came down must not be taken for the deleted one that had it before.
    private bool Insert(string serverKey, CellValue[] stored, ulong? hash, string now)
    {
        if (!_writer.Insert(serverKey, stored, hash, now))
            return false;
        if (ReusesNumbers && _open.Deleted() is { Count: > 0 } deleted && _rows.Find(serverKey, out var key) is not null && deleted.Contains(key!))
            _writer.Renumber(key!, deleted.Max(long.Parse));
        return true;
    }

    /// <summary>Lets a row that is about to get other unique values give up those it has, for a moment.</summary>
    /// <exception cref="SqliteRowException">The table takes no other value there.</exception>
    public void Park(string serverKey, CellValue[] values)
    {
        if (_rows.Find(serverKey, out var key) is not { } current)
            return;
        var stored = ToStored(values);
        var unique = _table.Terminal.Indexes.Where(i => i.IsUnique).SelectMany(i => i.Columns).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var cells = _writer.Writable.Where(i => !_table.Columns[i].IsKey && unique.Contains(_table.Columns[i].Terminal.Name) && !Same(i, current[i], stored[i])).Select(i => (i, Parked(i, key!))).ToList();
        if (cells.Count > 0)
            _writer.Write(key!, current, cells);
    }

    /// <summary>Takes over what central decided of a row that was sent, known by its own key.</summary>
    public void TakeOver(string key, CellValue[]? values, string? serverKey, string now)
    {
        if (values is null)
            _writer.Delete(key);
        else if (FindByKey(key) is { } current)
            Update(key, current, ToStored(values), serverKey, now);
        else if ((serverKey ?? (IsLinked ? null : key)) is { } known)
            AskAgain(known, now);
    }

    /// <summary>Sets a row aside with the reason; it is asked for again at every run.</summary>
    public void Refused(string serverKey, string reason, string now) => _aside.Refuse(serverKey, reason, now);

    /// <summary>Asks for a row once more as soon as its queue entry is closed: it was passed over because of that.</summary>
    public void AskAgain(string serverKey, string now) => _aside.AskAgain(serverKey, now);

    /// <summary>A row that was set aside has arrived.</summary>
    public void Accepted(string serverKey) => _aside.Remove(serverKey);

    /// <summary>Marks a row as agreed: its bookkeeping columns, where the table has them.</summary>
    public void MarkSynced(string key, string? serverKey, string now) => Mark(key, "SYNCED", serverKey ?? (IsLinked ? null : key), now);

    /// <summary>Writes one of the five states into the row's own status column, where the table has one.</summary>
    public void Mark(string key, string status, string? serverKey, string? now) => _writer.Mark(key, status, serverKey, now);

    /// <summary>Remembers the timestamp of a row as it stands: the reading by timestamp passes it over.</summary>
    public void KeepEcho(string key) => _echoes.Keep(key);

    /// <summary>The table of this terminal whose rows keep a row from being deleted; null when none does.</summary>
    public string? FindReferringTable(string serverKey) => ReferringTable.Find(_database, _table, _rows.Matches("?1"), serverKey);

    /// <summary>Central's keys of every row without an open queue entry: those that a truncate in central is about.</summary>
    public List<string> AgreedKeys() => _rows.AgreedKeys();

    /// <summary>The row as stored, by its own key; null when it is gone.</summary>
    public CellValue[]? FindByKey(string key) => _rows.FindByKey(key);

    /// <summary>Central's values as this table holds them, parents by their local keys.</summary>
    /// <exception cref="RowRefusedException">A column cannot hold its value, or a parent is not here yet.</exception>
    public CellValue[] ToStored(CellValue[] values) => _translator.ToStored(values);

    /// <summary>One of central's values as this table holds it; false when the column cannot, or when the parent is not here.</summary>
    public bool TryToStored(int column, in CellValue value, out CellValue stored) => _translator.TryToStored(column, value, out stored);

    /// <summary>The terminal's own to write: it does not compute it.</summary>
    public bool IsWritable(int column) => !_table.Columns[column].IsGeneratedInTerminal;

    /// <summary>The column's changes add up.</summary>
    public bool IsAdditive(int column) => _translator.IsAdditive(column);

    /// <summary>What an additive column holds when central's total has come in under a change of its own; false when that is no number, or none that the column can hold.</summary>
    public bool TryAdd(int column, in CellValue current, in CellValue total, in CellValue sent, out CellValue sum) => _translator.TryAdd(column, current, total, sent, out sum);

    /// <summary>Whether two stored values of a column mean the same.</summary>
    public bool Same(int column, in CellValue a, in CellValue b) => _translator.Same(column, a, b);

    /// <summary>Writes some columns of a row, by its own key.</summary>
    public void Write(string key, IReadOnlyList<(int Column, CellValue Value)> cells)
    {
        if (FindByKey(key) is { } current)
            _writer.Write(key, current, cells);
    }

    // No other row has it: empty, or the row's own key in a form that nobody writes.
    private CellValue Parked(int column, string key) => _table.Columns[column].Terminal.NotNull ? CellValue.Of($"payflow:{key}") : CellValue.Null;

    private bool Update(string key, CellValue[] current, CellValue[] wanted, string? serverKey, string now)
    {
        var cells = new List<(int, CellValue)>();
        foreach (var i in _writer.Writable)
        {
            if (!_table.Columns[i].IsKey && !Same(i, current[i], wanted[i]))
                cells.Add((i, wanted[i]));
        }
        if (cells.Count == 0)
            return false;
        _writer.Write(key, current, cells);
        MarkSynced(key, serverKey, now);
        if (_echoes.IsKept)
            _echoes.Keep(key);
        return true;
    }

    private ApplyOutcome Delete(string key, string now)
    {
        if (_table.TerminalSoftDelete is not null)
            return _writer.MarkDeleted(key, now) ? ApplyOutcome.Deleted : ApplyOutcome.Unchanged;
        _writer.Delete(key);
        return ApplyOutcome.Deleted;
    }
}
