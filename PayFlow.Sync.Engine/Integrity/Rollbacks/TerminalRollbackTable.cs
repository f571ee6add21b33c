using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>One terminal table as a rollback reads and writes it: all its columns, by its own key.</summary>
internal sealed class TerminalRollbackTable
{
    private readonly SqliteDatabase _database;
    private readonly TablePlan _table;
    private readonly TerminalJournal _journal;
    private readonly EchoList _echoes;
    private readonly OpenEntries _open;
    private readonly string[] _columns;
    private readonly int[] _hashed;
    private readonly List<(string Child, string Sql)> _children;
    private readonly string _name;

    public TerminalRollbackTable(SqliteDatabase database, DatabaseSchema schema, TablePlan table, TerminalJournal journal)
    {
        _database = database;
        _table = table;
        _journal = journal;
        _echoes = new EchoList(database, table);
        _open = new OpenEntries(database, table);
        _name = SqliteName.Quote(table.Name);
        _columns = [.. table.Terminal.Columns.Where(c => !c.IsGenerated).Select(c => c.Name)];
        _hashed = [.. table.Columns.Where(c => !c.IsGeneratedInTerminal).Select(c => Array.IndexOf(_columns, c.Terminal.Name))];
        _children = [.. schema.Tables.SelectMany(child => child.ForeignKeys.Where(f => string.Equals(f.ParentTable, table.Name, StringComparison.OrdinalIgnoreCase)).Select(f => (child.Name, ChildSql(child, f))))];
    }

    /// <summary>The row as it is, in all its columns; null when there is none.</summary>
    public CellValue[]? Find(string key)
    {
        var statement = _database.Prepare($"SELECT {string.Join(", ", _columns.Select(c => "t." + SqliteName.Quote(c)))} FROM {_name} t WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key);
        if (!statement.Step())
            return null;
        var row = new CellValue[_columns.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = statement.Column(i);
        statement.Reset();
        return row;
    }

    public ulong Hash(CellValue[] row) => RowHash.Of(row, _hashed);

    /// <summary>Whether a row has all values of an image; what the engine keeps for itself does not count.</summary>
    public bool Equal(CellValue[] row, string image) => Differences(row, image).Count == 0;

    public bool HasOpenEntry(string key) => _open.Has(key);

    /// <summary>The table whose rows refer to this one; null when there is none.</summary>
    public string? FindChild(string key)
    {
        foreach (var (child, sql) in _children)
        {
            var statement = _database.Prepare(sql).Bind(1, key);
            var refers = statement.Step();
            statement.Reset();
            if (refers)
                return child;
        }
        return null;
    }

    public void Delete(string key, CellValue[] row)
    {
        _database.Prepare($"DELETE FROM {_name} AS t WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key).Run();
        _journal.Changed(_table.Name, key, ImageJson.Write(_columns, row), null);
    }

    /// <summary>Gives up, for a moment, the unique values that the row is about to change.</summary>
    /// <exception cref="Terminals.SqliteRowException">The table takes no other value there.</exception>
    public void Park(string key, string image)
    {
        var row = Find(key)!;
        var unique = _table.Terminal.Indexes.Where(i => i.IsUnique).SelectMany(i => i.Columns).Except(_table.TerminalKey.Select(c => c.Name), StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var changes = Differences(row, image).Where(c => unique.Contains(_columns[c.Column])).Select(c => (c.Column, Value: _table.Terminal.Find(_columns[c.Column])!.NotNull ? CellValue.Of($"payflow:{key}") : CellValue.Null)).ToList();
        if (changes.Count > 0)
            Write(key, row, changes);
    }

    public void Update(string key, CellValue[] row, string image)
    {
        Write(key, row, Differences(row, image));
    }

    private void Write(string key, CellValue[] row, List<(int Column, CellValue Value)> changes)
    {
        var statement = _database.Prepare($"UPDATE {_name} AS t SET {string.Join(", ", changes.Select((c, i) => $"{SqliteName.Quote(_columns[c.Column])} = ?{i + 2}"))} WHERE {KeySql.Matches(_table, "t", "?1")}").Bind(1, key);
        for (var i = 0; i < changes.Count; i++)
            statement.Bind(i + 2, changes[i].Value);
        statement.Run();
        Note(key, row);
    }

    /// <exception cref="RowRefusedException">The row has come down again under another key of its own.</exception>
    public void Insert(string key, string image)
    {
        var values = ImageJson.ReadNamed(image);
        if (_table.ServerIdColumn is { } server && _table.KeyMode == KeyMode.Linked && values.GetValueOrDefault(server) is { IsNull: false } serverKey && HasServerKey(server, serverKey))
            throw new RowRefusedException("it has come down again under another key");
        var known = _columns.Where(values.ContainsKey).ToList();
        var statement = _database.Prepare($"INSERT INTO {_name} ({string.Join(", ", known.Select(SqliteName.Quote))}) VALUES ({string.Join(", ", known.Select((_, i) => $"?{i + 1}"))})");
        for (var i = 0; i < known.Count; i++)
            statement.Bind(i + 1, values[known[i]]);
        statement.Run();
        Note(key, null);
    }

    private void Note(string key, CellValue[]? before)
    {
        var after = Find(key) ?? throw new RowRefusedException("a trigger of the terminal does not let it stay");
        _journal.Changed(_table.Name, key, before is null ? null : ImageJson.Write(_columns, before), ImageJson.Write(_columns, after));
        if (_echoes.IsKept)
            _echoes.Keep(key);
    }

    private List<(int Column, CellValue Value)> Differences(CellValue[] row, string image)
    {
        var values = ImageJson.ReadNamed(image);
        return [.. Enumerable.Range(0, row.Length).Where(i => !IsBookkeeping(_columns[i]) && values.TryGetValue(_columns[i], out var value) && value != row[i]).Select(i => (i, values[_columns[i]]))];
    }

    private bool IsBookkeeping(string column) => column == _table.SyncStatusColumn || column == _table.LastSyncColumn;

    private bool HasServerKey(string column, CellValue serverKey)
    {
        var statement = _database.Prepare($"SELECT 1 FROM {_name} WHERE {SqliteName.Quote(column)} = ?").Bind(1, serverKey);
        var has = statement.Step();
        statement.Reset();
        return has;
    }

    private string ChildSql(TableSchema child, ForeignKeySchema reference)
    {
        var refers = reference.Columns.Zip(reference.ParentColumns, (c, p) => $"c.{SqliteName.Quote(c)} = t.{SqliteName.Quote(p)}");
        // A row that refers to itself may go.
        var self = string.Equals(child.Name, _table.Name, StringComparison.OrdinalIgnoreCase) ? $" AND NOT ({KeySql.Equal(_table, "c", "t")})" : string.Empty;
        return $"SELECT 1 FROM {_name} t JOIN {SqliteName.Quote(child.Name)} c ON {string.Join(" AND ", refers)}{self} WHERE {KeySql.Matches(_table, "t", "?1")} LIMIT 1";
    }
}
