namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>Counts while a rollback goes on, and the first rows that it leaves.</summary>
internal sealed class RollbackTally
{
    /// <summary>So many rows that were left are named; the others are counted.</summary>
    public const int Named = 100;

    private readonly Dictionary<(RollbackSide, string), RollbackTable> _tables = [];
    private readonly List<RollbackLeft> _left = [];

    public IReadOnlyList<RollbackTable> Tables => [.. _tables.Values];

    public IReadOnlyList<RollbackLeft> Left => _left;

    /// <summary>Rows that are back in central, by its keys, of the tables that the run also brought down.</summary>
    public HashSet<(string Table, string Key)> BackInCentral { get; } = [];

    public RollbackTable Of(RollbackSide side, string table)
    {
        if (!_tables.TryGetValue((side, table), out var counts))
            _tables.Add((side, table), counts = new RollbackTable(side, table));
        return counts;
    }

    public void Leave(RollbackSide side, string table, string key, string reason)
    {
        Of(side, table).Left++;
        Name(new RollbackLeft(side, table, key, reason));
    }

    /// <summary>Keeps one of the rows that were left, as long as there are not too many.</summary>
    public void Name(RollbackLeft row)
    {
        if (_left.Count < Named)
            _left.Add(row);
    }
}
