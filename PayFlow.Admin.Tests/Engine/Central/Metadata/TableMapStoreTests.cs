using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Metadata;

public sealed class TableMapStoreTests
{
    private static readonly TableMapEntry Products = new()
    {
        Name = "products",
        CentralName = "public.products",
        Renames = new Dictionary<string, string> { ["stock_quantity"] = "master_stock_quantity" },
        Exclude = ["cached"],
        Direction = SyncDirection.Push,
        Conflicts = ConflictPolicy.LastWriterWins,
        CentralCapture = CaptureMode.Timestamp,
        Filter = "store_id = {terminal.store_id}",
        WriteFilter = "any",
        Unlinked = UnlinkedRows.Skip,
        Match = ["sku"],
        BatchSize = 50,
        Enabled = false,
    };

    [Fact]
    public async Task What_was_saved_is_loaded_in_the_same_order()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var store = new TableMapStore(central.DataSource);
        Assert.Empty((await store.LoadAsync()).Map.Tables);
        var version = await store.SaveAsync(new TableMap([Products, new() { Name = "brands" }]));
        var loaded = await store.LoadAsync();
        Assert.Equal(version, loaded.Version);
        Assert.Equal(["products", "brands"], loaded.Map.Tables.Select(t => t.Name));
        Assert.Equivalent(Products, loaded.Map.Tables[0], strict: true);
    }

    [Fact]
    public async Task The_version_grows_with_a_change_and_with_nothing_else()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var store = new TableMapStore(central.DataSource);
        var map = new TableMap([Products, new() { Name = "brands" }]);
        var first = await store.SaveAsync(map);
        Assert.Equal(first, await store.SaveAsync(map));
        Assert.Equal(first + 1, await store.SaveAsync(new TableMap([map.Tables[1], map.Tables[0]])));
        Assert.Equal(first + 2, await store.SaveAsync(new TableMap([Products])));
        Assert.Single((await store.LoadAsync()).Map.Tables);
    }

    [Fact]
    public async Task Of_two_edits_of_one_version_the_second_is_refused()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var store = new TableMapStore(central.DataSource);
        var version = await store.SaveAsync(new TableMap([Products]));
        await store.SaveAsync(new TableMap([Products with { Priority = 1 }]), version);
        var refused = await Assert.ThrowsAsync<SyncException>(() => store.SaveAsync(new TableMap([]), version));
        Assert.Equal(SyncErrorCode.Busy, refused.Code);
        Assert.Equal(1, (await store.LoadAsync()).Map.Tables[0].Priority);
    }

    [Fact]
    public async Task A_table_named_twice_is_refused()
    {
        await using var central = await CentralDatabase.CreateAsync();
        var twice = new TableMap([Products, Products with { Name = "PRODUCTS" }]);
        await Assert.ThrowsAsync<SyncException>(() => new TableMapStore(central.DataSource).SaveAsync(twice));
    }

    [Fact]
    public async Task An_entry_made_unreadable_by_hand_is_named()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        await central.ExecuteAsync("INSERT INTO payflow.table_map (name, ordinal, entry) VALUES ('products', 1, '[]')");
        var refused = await Assert.ThrowsAsync<SyncException>(() => new TableMapStore(central.DataSource).LoadAsync());
        Assert.Equal("products", refused.Table);
    }
}
