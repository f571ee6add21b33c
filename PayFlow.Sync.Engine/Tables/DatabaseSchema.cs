namespace PayFlow.Sync.Engine.Tables;

/// <summary>
/// The user tables of one side; PayFlow's own are left out. Names compare without regard to case, as SQLite does it, but a spelling that
/// matches exactly is preferred, because PostgreSQL can hold <c>"Orders"</c> beside <c>orders</c>.
/// </summary>
/// <remarks>Where two PostgreSQL schemas hold a table of the same name, the one that comes first in <paramref name="tables"/> answers to the bare name; the other only to <c>schema.table</c>.</remarks>
public sealed class DatabaseSchema(IEnumerable<TableSchema> tables)
{
    private readonly TableSchema[] _tables = [.. tables];

    public IReadOnlyCollection<TableSchema> Tables => _tables;

    /// <summary>The table of that name, <c>schema.table</c> allowed for PostgreSQL; null when there is none.</summary>
    public TableSchema? Find(string name) =>
        First(name, StringComparison.Ordinal) ?? First(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Central's table of a map's entry. Only a <c>central</c> that somebody wrote may name a schema: a dot in the name of a terminal's table is a part of that name.</summary>
    public TableSchema? FindFor(TableMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.CentralName is { } named
            ? Find(named)
            : Array.Find(_tables, t => t.Name == entry.Name) ?? Array.Find(_tables, t => string.Equals(t.Name, entry.Name, StringComparison.OrdinalIgnoreCase));
    }

    private TableSchema? First(string name, StringComparison comparison) =>
        Array.Find(_tables, t => string.Equals(t.Name, name, comparison))
        ?? Array.Find(_tables, t => t.Schema is not null && string.Equals(t.Schema + "." + t.Name, name, comparison));
}
