using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Finds rows of one terminal table by central's key or by their own.</summary>
internal sealed class RowFinder
{
    private readonly SqliteDatabase _database;
    private readonly TablePlan _table;
    private readonly string _name;
    private readonly string _find;
    private readonly string _findByKey;

    public RowFinder(SqliteDatabase database, TablePlan table)
    {
        _database = database;
        _table = table;
        _name = SqliteName.Quote(table.Name);
        var columns = string.Join(", ", table.Columns.Select(c => "t." + SqliteName.Quote(c.Terminal.Name)));
        _find = $"SELECT {KeySql.Text(table, "t")}, {columns} FROM {_name} t WHERE {Matches("?1")}";
        _findByKey = $"SELECT {columns} FROM {_name} t WHERE {KeySql.Matches(table, "t", "?1")}";
    }

    private bool IsLinked => _table.KeyMode == KeyMode.Linked;

    /// <summary>The condition that row <c>t</c> is central's row with the key <paramref name="key"/>.</summary>
    public string Matches(string key) => IsLinked ? $"t.{SqliteName.Quote(_table.ServerIdColumn!)} = {key}" : KeySql.Matches(_table, "t", key);

    /// <summary>The row as stored, by central's key; null when it is not here.</summary>
    public CellValue[]? Find(string serverKey, out string? key)
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

    /// <summary>The row as stored, by its own key; null when it is gone.</summary>
    public CellValue[]? FindByKey(string key)
    {
        var statement = _database.Prepare(_findByKey).Bind(1, key);
        return statement.Step() ? ReadRow(statement, 0) : null;
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

    private CellValue[] ReadRow(SqliteStatement statement, int first)
    {
        var row = new CellValue[_table.Columns.Count];
        for (var i = 0; i < row.Length; i++)
            row[i] = statement.Column(first + i);
        statement.Reset();
        return row;
    }
}
