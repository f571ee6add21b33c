using PayFlow.Admin.Data;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Remote;
using PayFlow.Admin.Views.Tables;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Tables;

public sealed class MapDeskTests
{
    private static readonly TableMapEntry Products = new() { Name = "products" };

    [Fact]
    public async Task A_map_is_saved_and_audited_before_and_after_together()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        await chain.TillAsync("T1", Shop.Local);
        var desk = new MapDesk(chain.Source);
        var stored = await desk.LoadAsync();

        var version = await desk.SaveAsync(new TableMap([Products with { Priority = 1 }, new() { Name = "customers" }]), stored.Version, "ann", "customers, too");

        Assert.Equal(stored.Version + 1, version);
        Assert.Equal("ann|products|customers products", await chain.Database.ScalarAsync<string>("""
            SELECT actor || '|' || (SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(detail -> 'before') k) || '|' || (SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(detail -> 'after') k)
            FROM payflow.audit WHERE action = 'map.save'
            """));
    }

    [Fact]
    public async Task Who_was_slower_is_told_and_nothing_is_overwritten()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        var desk = new MapDesk(chain.Source);
        var stored = await desk.LoadAsync();
        await desk.SaveAsync(new TableMap([Products with { Priority = 1 }]), stored.Version, "ann", null);

        var late = await Assert.ThrowsAsync<SyncException>(() => desk.SaveAsync(new TableMap([Products with { Priority = 6 }]), stored.Version, "bob", null));

        Assert.Equal(SyncErrorCode.Busy, late.Code);
        Assert.Equal(1, (await desk.LoadAsync()).Map.Tables[0].Priority);
        Assert.Equal(1, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.audit WHERE action = 'map.save'"));
    }

    [Fact]
    public async Task A_map_that_does_not_fit_a_till_is_not_saved()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        await chain.TillAsync("T1", Shop.Local);
        var desk = new MapDesk(chain.Source);

        var check = await desk.CheckAsync(new TableMap([Products with { Exclude = ["colour"] }]));
        Assert.True(check.HasProblems);
        var refused = await Assert.ThrowsAsync<SyncException>(() => desk.SaveAsync(new TableMap([Products with { Exclude = ["colour"] }]), 1, "ann", null));

        Assert.Equal(("T1", "products"), (refused.Terminal, refused.Table));
        Assert.Empty((await desk.LoadAsync()).Map.Tables[0].Exclude);
    }

    [Fact]
    public async Task A_till_out_of_reach_is_named_and_does_not_hold_the_check_up()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        await chain.TillAsync("T1", Shop.Local);
        await chain.TillAsync("T2", Shop.Local);
        await chain.Database.ExecuteAsync("UPDATE payflow.terminals SET file_path = '/nowhere/t2.db' WHERE id = 'T2'");

        var check = await new MapDesk(chain.Source).CheckAsync(new TableMap([Products]));

        Assert.Equal("T1", Assert.Single(check.Effects).Terminal);
        Assert.Equal("T2", Assert.Single(check.Skipped).Key);
    }

    [Theory]
    [InlineData("store_id = {terminal.region}", null, "its filter asks for the attribute region, which the terminal does not have")]
    [InlineData(null, "store_id = {terminal.region}", "its filter asks for the attribute region, which the terminal does not have")]
    [InlineData("store_id = {terminal.region", null, "braces that are not {terminal.NAME}")]
    public async Task A_filter_that_a_till_elsewhere_cannot_meet_is_not_saved(string? filter, string? writeFilter, string reason)
    {
        await using var remote = await RemoteChain.CreateAsync(Products);
        await remote.TillAsync("T9", new Dictionary<string, string> { ["store_id"] = "S1" });
        var desk = new MapDesk(remote.Chain.Source);
        var stored = await desk.LoadAsync();
        var map = new TableMap([Products with { Filter = filter, WriteFilter = writeFilter }]);

        Assert.Contains(reason, Assert.Single(Assert.Single((await desk.CheckAsync(map)).Effects).Problems).Reason, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<SyncException>(() => desk.SaveAsync(map, stored.Version, "ann", null));
        Assert.Equal(("T9", "products"), (refused.Terminal, refused.Table));
        Assert.False((await desk.CheckAsync(new TableMap([Products with { Filter = "id <> {terminal.store_id}" }]))).HasProblems);
    }

    [Fact]
    public async Task What_a_till_lacks_already_or_one_that_was_shut_out_holds_no_map_up()
    {
        await using var remote = await RemoteChain.CreateAsync(Products);
        await remote.TillAsync("T8");
        await remote.TillAsync("T9");
        var desk = new MapDesk(remote.Chain.Source);
        var map = new TableMap([Products with { Filter = "id <> {terminal.region}" }]);

        await remote.Desk.RevokeAsync("T8", "ada", "lost", CancellationToken.None);
        Assert.Equal("T9", Assert.Single((await desk.CheckAsync(map)).Effects).Terminal);
        await new TableMapStore(remote.Chain.Source).SaveAsync(map);
        Assert.False((await desk.CheckAsync(new TableMap([map.Tables[0] with { Priority = 1 }]))).HasProblems);
    }

    [Fact]
    public async Task Neither_PayFlows_nor_the_consoles_own_tables_are_offered()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        await ConsoleMigrator.MigrateAsync(chain.Source);

        Assert.Equal(["customers", "order_items", "orders", "products"], await new MapDesk(chain.Source).SuggestAsync());
    }

    [Fact]
    public async Task A_tables_figures_are_those_of_its_runs_its_lag_and_its_terminals()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products, new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull });
        await ConsoleMigrator.MigrateAsync(chain.Source);
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET price = 9 WHERE id IN ('p1', 'p2')");
        var terminals = new TerminalReader(chain.Source, new SyncExpectations(chain.Source), TimeProvider.System);
        var reader = new TableReader(chain.Source, terminals, TimeProvider.System);

        var products = (await reader.FindAsync("products", CancellationToken.None))!;
        Assert.Equal((5L, 2L, "PENDING"), (products.Moved, products.LagRows, products.Status));
        Assert.NotNull(products.MovedAt);
        Assert.Equal("orders", Assert.Single((await reader.ListAsync(new TableFilter { Direction = "pull" }, CancellationToken.None)).Items).Name);

        var detail = (await new TableDetailReader(chain.Source, reader).FindAsync("products", new(1, 20), CancellationToken.None))!;
        Assert.Equal(2, Assert.Single(detail.Terminals.Items).Checkpoints.Single(c => c.Direction == SyncDirection.Push).Rows);
    }

    [Fact]
    public async Task Checkpoints_of_several_tills_are_put_back_and_one_out_of_reach_does_not_hold_the_others_up()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        await Shop.ProductsAsync(chain, 5);
        foreach (var id in new[] { "T1", "T2" })
            await (await chain.TillAsync(id, Shop.Local)).SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE payflow.terminals SET file_path = '/nowhere/t2.db' WHERE id = 'T2'");
        var desk = new RereadDesk(chain.Source, TimeProvider.System);
        RereadTarget[] targets = [.. new[] { "T1", "T2" }.SelectMany(t => new[] { SyncDirection.Push, SyncDirection.Pull }.Select(d => new RereadTarget(t, "products", d)))];

        var preview = await desk.PreviewAsync(targets, null);
        Assert.Equal(10, preview.Single(p => p.Terminal == "T1").Rows);
        var done = await desk.ExecuteAsync(targets, null, "ann", null);

        Assert.True(done.Single(p => p.Terminal == "T1").Moves);
        Assert.Equal(SyncErrorCode.TerminalUnavailable, done.Single(p => p.Terminal == "T2").Failure!.Code);
    }
}
