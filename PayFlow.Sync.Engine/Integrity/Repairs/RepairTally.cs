namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>Counts what a repair does.</summary>
internal sealed class RepairTally(int samples)
{
    private readonly Dictionary<string, RepairedTable> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RefusedRow> _refused = [];

    public IReadOnlyList<RepairedTable> Tables => [.. _tables.Values];

    public IReadOnlyList<RefusedRow> Refused => _refused;

    public void Add(string table, long written = 0, long removed = 0, long settled = 0)
    {
        var so = Of(table);
        _tables[table] = so with { Written = so.Written + written, Removed = so.Removed + removed, Settled = so.Settled + settled };
    }

    public void Refuse(string table, string key, string reason)
    {
        var so = Of(table);
        _tables[table] = so with { Refused = so.Refused + 1 };
        if (_refused.Count < samples)
            _refused.Add(new RefusedRow(table, key, reason));
    }

    private RepairedTable Of(string table) => _tables.GetValueOrDefault(table) ?? new RepairedTable(table, 0, 0, 0, 0);
}
