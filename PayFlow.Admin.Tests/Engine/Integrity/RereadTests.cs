using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>Where checkpoints stand, and putting them back.</summary>
public sealed class RereadTests
{
    private static readonly TableMapEntry[] Map = [new() { Name = "products" }, new() { Name = "customers" }, new() { Name = "orders", Direction = SyncDirection.Pull }, new() { Name = "order_items", Direction = SyncDirection.Pull }];

    [Fact]
    public async Task A_till_in_step_has_nothing_behind_its_checkpoints()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);

        var checkpoints = await new CheckpointReader(till.File.Path, chain.Source).ReadAsync();

        Assert.All(checkpoints, c => Assert.Equal((CheckpointState.Following, 0L), (c.State, c.Rows)));
        Assert.Equal(["customers Pull", "customers Push", "order_items Pull", "orders Pull", "products Pull", "products Push"], checkpoints.Select(c => $"{c.Table} {c.Direction}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_either_side_has_changed_since_stands_behind_its_checkpoint_each_row_once()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE products SET price = 9 WHERE id IN ('p1', 'p2'); UPDATE products SET price = 10 WHERE id = 'p1'");
        till.Execute(Shop.Sale("one", "p3"));

        var checkpoints = await new CheckpointReader(till.File.Path, chain.Source).ReadAsync();

        Assert.Equal(2, checkpoints.Single(c => c is { Table: "products", Direction: SyncDirection.Push }).Rows);
        Assert.NotNull(checkpoints.Single(c => c is { Table: "products", Direction: SyncDirection.Push }).Oldest);
        Assert.Equal(1, checkpoints.Single(c => c is { Table: "orders", Direction: SyncDirection.Pull }).Rows);
        Assert.NotNull(checkpoints.Single(c => c is { Table: "orders", Direction: SyncDirection.Pull }).Oldest);
        Assert.Equal(0, checkpoints.Single(c => c is { Table: "customers", Direction: SyncDirection.Push }).Rows);
    }

    [Fact]
    public async Task Rows_that_wait_for_bootstrap_are_said_to()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await chain.TillAsync("T1", Shop.Local + "INSERT INTO products VALUES ('q1', 's', 'Old', '1', 1)", bootstrap: false);

        var products = (await new CheckpointReader(till.File.Path, chain.Source).ReadAsync()).Single(c => c is { Table: "products", Direction: SyncDirection.Pull });

        Assert.Equal((CheckpointState.WaitsForBootstrap, 1L), (products.State, products.Rows));
    }

    [Fact]
    public async Task Begun_anew_a_table_brings_back_what_the_till_lost_and_removes_what_central_has_not()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        till.BehindCapture("DELETE FROM products WHERE id = 'p4'; UPDATE products SET name = 'Wrong' WHERE id = 'p5'; INSERT INTO products VALUES ('q9', 'z', 'Nobody knows', '1', 1)");
        var reread = new Reread(till.File.Path, chain.Source);
        var request = new RereadRequest { Tables = ["products"], Direction = SyncDirection.Push };

        var preview = await reread.PreviewAsync(request);
        Assert.Equal(20, Assert.Single(preview).Rows);
        await till.SyncAsync();
        Assert.Equal("Wrong", till.Scalar("SELECT name FROM products WHERE id = 'p5'"));

        var done = await reread.ExecuteAsync(request, "ann", "the disk was bad");
        Assert.Equal((20L, (string?)null, true), (done[0].Rows, done[0].To, done[0].Moves));
        await till.SyncAsync();

        Assert.Equal("Product 5", till.Scalar("SELECT name FROM products WHERE id = 'p5'"));
        Assert.Equal(20L, till.Scalar("SELECT count(*) FROM products"));
        Assert.Equal("ann/the disk was bad", await chain.Database.ScalarAsync<string>("SELECT actor || '/' || (detail ->> 'reason') FROM payflow.audit WHERE action = 'checkpoint.reset'"));
    }

    [Fact]
    public async Task Begun_anew_the_way_up_sends_what_central_lost()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        till.Execute(Shop.Sale("one", "p1"));
        await till.SyncAsync();
        await chain.BehindCaptureAsync("DELETE FROM customers");

        var done = await new Reread(till.File.Path, chain.Source).ExecuteAsync(new RereadRequest { Tables = ["customers"], Direction = SyncDirection.Pull }, "ann");
        Assert.Equal(1, Assert.Single(done).Rows);
        await till.SyncAsync();

        Assert.Equal(1, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM customers"));
    }

    [Fact]
    public async Task Synced_again_from_an_instant_only_what_changed_since_is_read()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        var since = await chain.Database.ScalarAsync<DateTime>("SELECT now()");
        await chain.Database.ExecuteAsync("UPDATE products SET price = 9 WHERE id IN ('p1', 'p2')");
        await till.SyncAsync();
        till.BehindCapture("UPDATE products SET name = 'Wrong' WHERE id IN ('p2', 'p5')");

        var done = await new Reread(till.File.Path, chain.Source).ExecuteAsync(new RereadRequest { Tables = ["products"], Direction = SyncDirection.Push, Since = since }, "ann");
        Assert.Equal(2, Assert.Single(done).Rows);
        await till.SyncAsync();

        Assert.Equal("Product 2", till.Scalar("SELECT name FROM products WHERE id = 'p2'"));
        Assert.Equal("Wrong", till.Scalar("SELECT name FROM products WHERE id = 'p5'"));
    }

    [Fact]
    public async Task Beyond_what_the_log_still_has_it_is_refused_rather_than_done_in_part()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE products SET price = 9 WHERE id = 'p1'");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE payflow.central SET pruned_xid = (SELECT max(xid) FROM payflow.change_log); DELETE FROM payflow.change_log; UPDATE products SET price = 10 WHERE id = 'p1'");
        await till.SyncAsync();
        var before = till.Scalar("SELECT log_xid FROM payflow_tables WHERE name = 'products'");

        var done = await new Reread(till.File.Path, chain.Source).ExecuteAsync(new RereadRequest { Tables = ["products"], Direction = SyncDirection.Push, Since = DateTimeOffset.UnixEpoch }, "ann");

        Assert.Contains("reaches back to", Assert.Single(done).Refusal, StringComparison.Ordinal);
        Assert.Equal(before, till.Scalar("SELECT log_xid FROM payflow_tables WHERE name = 'products'"));
        Assert.Equal(0, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.audit WHERE action LIKE 'checkpoint.%'"));
    }

    [Fact]
    public async Task While_a_run_is_under_way_nothing_is_put_back()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        await using var holder = await chain.Source.OpenConnectionAsync();
        await using var take = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(1346786137, hashtext('T1'))", holder);
        await take.ExecuteNonQueryAsync();

        var refused = await Assert.ThrowsAsync<SyncException>(() => new Reread(till.File.Path, chain.Source).ExecuteAsync(new RereadRequest { Tables = ["products"] }, "ann"));

        Assert.Equal(SyncErrorCode.Busy, refused.Code);
        Assert.Equal("done", till.Scalar("SELECT load_state FROM payflow_tables WHERE name = 'products'"));
    }

    [Fact]
    public async Task Killed_right_after_it_the_next_run_still_reads_again()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        till.BehindCapture("DELETE FROM products WHERE id = 'p4'");
        await new Reread(till.File.Path, chain.Source).ExecuteAsync(new RereadRequest { Tables = ["products"], Direction = SyncDirection.Push }, "ann");

        till = await chain.KillAtAsync(till, "load-chunk-written");
        Assert.Equal(CheckpointState.Loading, (await new CheckpointReader(till.File.Path, chain.Source).ReadAsync()).Single(c => c is { Table: "products", Direction: SyncDirection.Push }).State);
        await till.SyncAsync();

        Assert.Equal(20L, till.Scalar("SELECT count(*) FROM products"));
    }

    private static async Task<Till> ShopAsync(SyncFixture chain)
    {
        await Shop.ProductsAsync(chain, 20);
        await chain.Database.ExecuteAsync("INSERT INTO customers VALUES ('00000000-0000-0000-0000-00000000000a', 'Ann', '1')");
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        await till.SyncAsync();
        return till;
    }
}
