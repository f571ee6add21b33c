namespace PayFlow.Faults.Chain;

/// <summary>What a table's columns are called on each side at this moment: tables are altered between runs, on one side or on both, one side before the other.</summary>
internal sealed class ChainColumns
{
    public const string Central = "central";

    /// <summary>A column that tables get later.</summary>
    public const string Added = "extra";

    private readonly Dictionary<(string Side, string Table, string Column), string?> _changed = [];

    /// <summary>The columns that travel, without key and parent: what they mean, and what they are called there.</summary>
    public IReadOnlyList<(string Meaning, string Name)> Of(ChainTable table, string side) =>
        [.. table.DataColumns.Append(Added).Select(c => (c, NameOf(table, c, side))).Where(c => c.Item2 is not null).Select(c => (c.c, c.Item2!))];

    /// <summary>Null when the side has no such column.</summary>
    public string? NameOf(ChainTable table, string column, string side) =>
        _changed.TryGetValue((side, table.Name, column), out var name) ? name : column == Added ? null : column;

    /// <param name="table">The table.</param>
    /// <param name="column">What the column means.</param>
    /// <param name="side">The till, or <see cref="Central"/>.</param>
    /// <param name="name">Its name from now on; null when it was dropped.</param>
    public void Set(ChainTable table, string column, string side, string? name) => _changed[(side, table.Name, column)] = name;
}
