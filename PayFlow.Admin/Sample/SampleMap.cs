using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Sample;

/// <summary>
/// How a point of sale's tables are synced unless somebody says otherwise: the specification's priorities (sales 1, stock adjustments 2,
/// catalogue 3, prices 4, customers 5, reports 6), its renames, and its "server wins for master data, local wins for transactions".
/// Customers belong to both: fields are merged, points add up, and what both changed waits for a person. Stock adds up by itself, because tills send each movement
/// (<c>inventory_transactions</c>) and take the count from the head office; a till that counts down a column of its own names it in <c>additive</c>.
/// Made for the sample chain, and the defaults of any database whose tables have these names.
/// </summary>
public static class SampleMap
{
    private static readonly Dictionary<string, string> StockRename = new() { ["stock_quantity"] = "master_stock_quantity" };

    /// <summary>One entry per table, by priority; <see cref="Find"/> looks one up by name.</summary>
    public static IReadOnlyList<TableMapEntry> Entries { get; } =
    [
        Sale("shifts"),
        Sale("orders") with { Match = ["order_number"] },
        Sale("order_items"),
        Sale("payments"),
        Sale("receipts") with { Match = ["receipt_number"] },
        Sale("inventory_transactions") with { Priority = 2 },
        Master("stores", 3),
        Master("terminals", 3),
        Master("users", 3),
        Master("categories", 3),
        Master("suppliers", 3),
        Master("products", 3) with { Renames = StockRename },
        Master("product_variants", 3) with { Renames = StockRename },
        Master("taxes", 4),
        Master("discounts", 4),
        new() { Name = "customers", Direction = SyncDirection.Both, Priority = 5, Conflicts = ConflictPolicy.Merge, Additive = ["loyalty_points"], Match = ["phone"] },
        Master("terminal_stock_levels", 6) with { Filter = "terminal_id = {terminal.terminal_id}" },
    ];

    /// <summary>The entry of that terminal table; null when a point of sale has no such table.</summary>
    public static TableMapEntry? Find(string terminalTable) =>
        Entries.FirstOrDefault(e => string.Equals(e.Name, terminalTable, StringComparison.OrdinalIgnoreCase));

    private static TableMapEntry Sale(string name) =>
        new() { Name = name, Direction = SyncDirection.Pull, Priority = 1, Conflicts = ConflictPolicy.LocalWins };

    private static TableMapEntry Master(string name, int priority) =>
        new() { Name = name, Direction = SyncDirection.Push, Priority = priority, Conflicts = ConflictPolicy.ServerWins };
}
