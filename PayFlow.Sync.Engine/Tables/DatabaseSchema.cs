namespace PayFlow.Sync.Engine.Tables;

/// <summary>The user tables of one side; PayFlow's own are left out. Names compare without regard to case, as SQLite does it.</summary>
public sealed class DatabaseSchema(IEnumerable<TableSchema> tables)
{
    private readonly Dictionary<string, TableSchema> _tables = tables.ToDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<TableSchema> Tables => _tables.Values;

    /// <summary>The table of that name, <c>schema.table</c> allowed for PostgreSQL; null when there is none.</summary>
    public TableSchema? Find(string name)
    {
        if (_tables.TryGetValue(name, out var table))
            return table;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _tables.TryGetValue(name[(dot + 1)..], out table) && string.Equals(table.Schema, name[..dot], StringComparison.OrdinalIgnoreCase) ? table : null;
    }
}
