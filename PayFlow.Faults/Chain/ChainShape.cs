using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Faults.Chain;

/// <summary>The tables of one case, drawn from its seed.</summary>
internal sealed record ChainShape(IReadOnlyList<ChainTable> Tables, int BatchSize)
{
    private static readonly ConflictPolicy[] Fallbacks = [.. Enum.GetValues<ConflictPolicy>().Where(p => p != ConflictPolicy.Merge)];

    public string CentralDdl => string.Concat(Tables.Select(t => t.CentralDdl() + "\n"));

    public string TerminalDdl => string.Concat(Tables.Select(t => t.TerminalDdl() + "\n"));

    /// <summary>The same with something else in every table.</summary>
    public ChainShape With(Func<ChainTable, ChainTable> change)
    {
        return this with { Tables = [.. Tables.Select(Changed)] };

        ChainTable Changed(ChainTable table) => change(table) with { Parent = table.Parent is null ? null : Changed(table.Parent) };
    }

    public static ChainShape Draw(Random random)
    {
        var tables = new List<ChainTable>();
        if (random.Chance(70))
            tables.Add(Draw(random, "products", ChainKey.Shared, null));
        if (random.Chance(40))
            tables.Add(Draw(random, "stocks", ChainKey.Composite, null));
        if (tables.Count == 0 || random.Chance(70))
        {
            var orders = Draw(random, "orders", ChainKey.Linked, random.Chance(30) ? tables.Find(t => t.Key == ChainKey.Shared) : null);
            tables.Add(orders);
            if (random.Chance(80))
                tables.Add(Draw(random, "lines", random.Chance(75) ? ChainKey.Linked : ChainKey.Shared, orders));
        }
        if (random.Chance(30))
            tables.Add(Draw(random, "nodes", random.Chance(60) ? ChainKey.Linked : ChainKey.Shared, null) with { IsSelfReferring = true, ParentRequired = false });
        if (random.Chance(25))
            tables.Add(Draw(random, "visits", ChainKey.Linked, null) with { Direction = SyncDirection.Pull });
        if (random.Chance(35))
            tables.Add(Draw(random, "offers", ChainKey.Shared, null) with { Direction = SyncDirection.Push, IsAdditive = false, IsFiltered = random.Chance(60) });
        var batchSize = random.Pick([1, 2, 3, 7, 1000]);
        // Drawn last, so that the seeds of older reports still draw the same chains but for this. A till elsewhere may write none but its own store's rows then.
        if (tables.FindIndex(t => t.Name == "visits") is >= 0 and var visits && random.Chance(50))
            tables[visits] = tables[visits] with { IsFiltered = true };
        return new ChainShape(tables, batchSize);
    }

    private static ChainTable Draw(Random random, string name, ChainKey key, ChainTable? parent) => new()
    {
        Name = name,
        Key = key,
        Parent = parent,
        ParentRequired = parent is not null && random.Chance(50),
        Cascades = random.Chance(40),
        HasUniqueCode = random.Chance(30),
        IsSoftDeleted = random.Chance(15),
        HasStatus = random.Chance(60),
        CentralRequiresName = random.Chance(15),
        CentralClampsCount = random.Chance(15),
        ReusesLocalKeys = random.Chance(25),
        MoneyType = random.Pick(["REAL", "TEXT", "DECIMAL(12,2)"]),
        CentralKeyType = random.Pick(["text", "uuid", "bigint"]),
        Policy = random.Pick(Enum.GetValues<ConflictPolicy>()),
        BatchSize = random.Chance(30) ? random.Next(1, 4) : null,
        Priority = random.Next(1, 7),
        IsAdditive = random.Chance(35),
        HasNaturalKey = random.Chance(40),
        Fallback = random.Pick(Fallbacks),
        Deletes = random.Chance(20) ? DeleteMode.Propagate : DeleteMode.Auto,
    };
}
