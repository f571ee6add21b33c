using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>The statements that change rows of one terminal table: prepared, and never REPLACE (which deletes and cascades).</summary>
internal sealed class RowWriter
{
    private readonly SqliteDatabase _database;
    private readonly TablePlan _table;
    private readonly RowFinder _rows;
    private readonly EchoList _echoes;
    private readonly CascadeGuard _guard;
    private readonly string _name;
    private readonly string _insert;
    private readonly int[] _writable;
    private readonly string[] _columns;
    private readonly DeleteImages _deleted;
    private readonly TerminalJournal _journal;
    private SqliteStatement? _inserting;

    public RowWriter(SqliteDatabase database, SyncPlan plan, TablePlan table, RowFinder rows, EchoList echoes, TerminalJournal journal)
    {
        _database = database;
        _table = table;
        _rows = rows;
        _echoes = echoes;
        _guard = new CascadeGuard(database, plan, table);
        _name = SqliteName.Quote(table.Name);
        _writable = [.. Enumerable.Range(0, table.Columns.Count).Where(i => !table.Columns[i].IsGeneratedInTerminal)];
        _insert = InsertSql();
        _journal = journal;
        _deleted = new DeleteImages(database, plan, table, journal);
        _columns = [.. _writable.Select(i => table.Columns[i].Terminal.Name)];
    }

    /// <summary>The columns that are written, as positions in the plan's.</summary>
    public IReadOnlyList<int> Writable => _writable;

    private bool IsLinked => _table.KeyMode == KeyMode.Linked;

    /// <summary>What is written is what is stored: the table has no triggers of the POS program, which may make something else of it.</summary>
    public bool IsStoredAsWritten => !_table.Terminal.HasUserTriggers;

    /// <summary>By which an inserted row is recognised later.</summary>
    public ulong HashOf(CellValue[] stored) => RowHash.Of(stored, _writable);

    /// <summary>Inserts a row; false when one with its key is there after all.</summary>
    /// <param name="serverKey">Central's key as text.</param>
    /// <param name="stored">The row as stored.</param>
    /// <param name="hash">Its <see cref="HashOf"/>, where that is known already and <see cref="IsStoredAsWritten"/>.</param>
    /// <param name="now">For the bookkeeping columns.</param>
    public bool Insert(string serverKey, CellValue[] stored, ulong? hash, string now)
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
        if (statement.Run() == 0)
            return false;
        _journal.Inserted(_table.Name, serverKey, hash ?? HashOf(AsWritten(serverKey, stored)));
        if (_echoes.IsKept)
            _echoes.KeepWhere(_rows.Matches("?2"), serverKey);
        return true;
    }

    /// <summary>Gives a row that was just inserted, and that nothing refers to yet, a number of its own above all others and above <paramref name="taken"/>.</summary>
    public void Renumber(string key, long taken)
    {
        var number = SqliteName.Quote(_table.TerminalKey[0].Name);
        _database.Prepare($"UPDATE {_name} AS t SET {number} = 1 + max(?2, (SELECT max({number}) FROM {_name})) WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key).Bind(2, taken).Run();
    }

    /// <summary>Writes some columns of a row, by its own key.</summary>
    public void Write(string key, CellValue[] current, IReadOnlyList<(int Column, CellValue Value)> cells)
    {
        var set = string.Join(", ", cells.Select((c, i) => $"{SqliteName.Quote(_table.Columns[c.Column].Terminal.Name)} = ?{i + 2}"));
        var statement = _database.Prepare($"UPDATE {_name} AS t SET {set} WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key);
        for (var i = 0; i < cells.Count; i++)
            statement.Bind(i + 2, cells[i].Value);
        statement.Run();
        var after = (CellValue[])current.Clone();
        foreach (var (column, value) in cells)
            after[column] = value;
        NoteUpdate(key, current, IsStoredAsWritten ? after : _rows.FindByKey(key) ?? after);
    }

    /// <summary>Writes one of the five states into the row's own bookkeeping columns, where the table has them.</summary>
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

    /// <summary>Marks a row as deleted, in its soft-delete column; false when it was already.</summary>
    public bool MarkDeleted(string key, string now)
    {
        var column = SqliteName.Quote(_table.TerminalSoftDelete!.Name);
        var before = _rows.FindByKey(key);
        var unmarked = SoftDeletes.IsFlagAtTerminal(_table) ? $"{column} IS NOT ?2" : $"{column} IS NULL";
        if (before is null || _database.Prepare($"UPDATE {_name} AS t SET {column} = ?2 WHERE {KeySql.Matches(_table, "t", "?1")} AND {unmarked}").Bind(1, key).Bind(2, SoftDeleteMark.Of(_table, now)).Run() == 0)
            return false;
        NoteUpdate(key, before, _rows.FindByKey(key) ?? before);
        return true;
    }

    /// <summary>Takes the mark of a deleted row away; false when there was none.</summary>
    public bool Revive(string key)
    {
        var column = SqliteName.Quote(_table.TerminalSoftDelete!.Name);
        var (live, isMarked) = SoftDeletes.IsFlagAtTerminal(_table) ? ("0", $"{column} IS NOT 0") : ("NULL", $"{column} IS NOT NULL");
        return _database.Prepare($"UPDATE {_name} AS t SET {column} = {live} WHERE {KeySql.Matches(_table, "t", "?1")} AND {isMarked}").Bind(1, key).Run() > 0;
    }

    /// <summary>Deletes a row, by its own key.</summary>
    /// <exception cref="RowRefusedException">Rows that central has never seen would have gone with it.</exception>
    public void Delete(string key)
    {
        var images = _deleted.Read(key);
        _guard.Delete($"DELETE FROM {_name} AS t WHERE {KeySql.Matches(_table, "t", "?1")}", key, images);
        _deleted.Note(images);
    }

    private CellValue[] AsWritten(string serverKey, CellValue[] stored) => IsStoredAsWritten ? stored : _rows.Find(serverKey, out _) ?? stored;

    private void NoteUpdate(string key, CellValue[] before, CellValue[] after) => _journal.Changed(_table.Name, key, Image(before), Image(after));

    private string Image(CellValue[] row) => ImageJson.Write(_columns, [.. _writable.Select(i => row[i])]);

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
