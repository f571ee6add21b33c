using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>A repair touches the rows that were proven different, and leaves both sides equal.</summary>
public sealed class RepairTests
{
    private const string CentralChanges = "UPDATE products SET price = 99 WHERE id = 'p3'; DELETE FROM products WHERE id = 'p4'; INSERT INTO products VALUES ('q1', 's', 'New', 1, 1); UPDATE orders SET total = 7 WHERE number = 'one'";
    private const string TillChanges = "UPDATE products SET name = 'Other' WHERE id = 'p5'; DELETE FROM products WHERE id = 'p6'; INSERT INTO products VALUES ('q2', 't', 'New', '1', 1); INSERT INTO orders (number) VALUES ('unsent'); INSERT INTO order_items (order_id, quantity) VALUES (last_insert_rowid(), 3)";

    private static readonly TableMapEntry[] Map = [new() { Name = "products" }, new() { Name = "customers" }, new() { Name = "orders" }, new() { Name = "order_items" }];

    [Theory]
    [InlineData(RepairSource.Central)]
    [InlineData(RepairSource.Terminal)]
    public async Task Afterwards_both_sides_are_equal_and_hold_what_the_chosen_side_had(RepairSource from)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await BrokenAsync(chain);
        var other = await chain.TillAsync("T2", Shop.Local);
        await other.SyncAsync();
        var expected = from == RepairSource.Central ? await chain.TextsAsync(CentralRows) : till.Texts(LocalRows);

        var report = await chain.RepairAsync(till, from);

        Assert.Empty(report.Refused);
        var after = await chain.VerifyAsync(till);
        Assert.True(after.IsEqual, after.Describe());
        Assert.Equal(expected, await chain.TextsAsync(CentralRows));
        Assert.Equal(expected, till.Texts(LocalRows));
        // The repair is no change of the POS program's, and nobody is asked about it.
        Assert.Empty(till.Texts("SELECT id || status FROM sync_queue"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        Assert.Equal("repair", await chain.Database.ScalarAsync<string>($"SELECT sync_type FROM payflow.sync_log WHERE id = '{report.RunId}'"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>($"SELECT count(*) FROM payflow.audit WHERE action = 'repair' AND run_id = '{report.RunId}' AND actor = 'tester'"));
        await till.SyncAsync();
        await other.SyncAsync();
        Assert.Equal(expected, other.Texts(LocalRows));
        Assert.True((await chain.VerifyAsync(other)).IsEqual);
    }

    [Fact]
    public async Task Items_that_went_with_an_order_that_left_the_filter_and_came_back_are_named_and_brought()
    {
        await using var chain = await SyncFixture.CreateAsync(
            "CREATE TABLE orders (id text PRIMARY KEY, store text); CREATE TABLE items (id text PRIMARY KEY, order_id text REFERENCES orders);", new TableMapEntry { Name = "orders", Filter = "store = {terminal.store}" }, new TableMapEntry { Name = "items" });
        var till = await chain.TillAsync("T1", "CREATE TABLE orders (id TEXT PRIMARY KEY, store TEXT); CREATE TABLE items (id TEXT PRIMARY KEY, order_id TEXT REFERENCES orders(id) ON DELETE CASCADE);",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["store"] = "north" });
        await chain.Database.ExecuteAsync("INSERT INTO orders VALUES ('o1', 'north'); INSERT INTO items VALUES ('i1', 'o1')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE orders SET store = 'south'");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE orders SET store = 'north'");
        await till.SyncAsync();
        Assert.Equal((1L, 0L), (till.Scalar("SELECT count(*) FROM orders"), till.Scalar("SELECT count(*) FROM items")));

        Assert.Equal(1, (await chain.VerifyAsync(till)).Table("items").MissingInTerminal);
        await chain.RepairAsync(till, RepairSource.Central);

        Assert.Equal(["i1"], till.Texts("SELECT id FROM items"));
    }

    [Fact]
    public async Task A_row_that_the_till_changes_at_that_moment_is_not_removed()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.BehindCapture("INSERT INTO orders (number) VALUES ('one'), ('two')");
        // As if the POS program had come between the look and the delete.
        till.Execute("CREATE TRIGGER meanwhile AFTER DELETE ON orders WHEN old.number = 'one' BEGIN INSERT INTO sync_queue (entity_type, entity_id, action, priority, status, attempts, created_at) VALUES ('orders', '2', 'INSERT', 5, 'PENDING', 0, '2026-01-01T00:00:00.000Z'); END");

        await chain.RepairAsync(till, RepairSource.Central);

        Assert.Equal(["two"], till.Texts("SELECT number FROM orders"));
        till.Execute("DROP TRIGGER meanwhile");
        await till.SyncAsync();
        Assert.Equal(["two"], await chain.TextsAsync("SELECT number FROM orders"));
    }

    [Fact]
    public async Task Nothing_is_changed_by_a_dry_run_beyond_the_limit_or_without_a_yes()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await BrokenAsync(chain);
        var (central, local) = (await chain.TextsAsync(CentralRows), till.Texts(LocalRows));

        var dry = await chain.RepairAsync(till, RepairSource.Central, r => r with { IsDryRun = true });
        Assert.Null(dry.RunId);
        Assert.Equal(9, dry.Found.Differences);
        var limited = await Assert.ThrowsAsync<SyncException>(() => chain.RepairAsync(till, RepairSource.Central, r => r with { Limit = 8 }));
        Assert.Contains("limit is 8", limited.Message, StringComparison.Ordinal);
        var unconfirmed = await Assert.ThrowsAsync<SyncException>(() => chain.RepairAsync(till, RepairSource.Central, r => r with { IsConfirmed = false }));
        Assert.Equal(SyncErrorCode.InvalidConfiguration, unconfirmed.Code);

        Assert.Equal(central, await chain.TextsAsync(CentralRows));
        Assert.Equal(local, till.Texts(LocalRows));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.sync_log WHERE sync_type = 'repair'"));
        // A few rows that only change need no yes.
        Assert.NotNull((await chain.RepairAsync(till, RepairSource.Terminal, r => r with { IsConfirmed = false, Tables = ["orders"] })).RunId);
    }

    [Theory]
    [InlineData(RepairSource.Central)]
    [InlineData(RepairSource.Terminal)]
    public async Task A_row_that_the_other_side_refuses_is_listed_and_the_others_are_repaired(RepairSource from)
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE t (id int PRIMARY KEY, v int CHECK (v < 100), note text)", [new() { Name = "t" }]);
        await chain.Database.ExecuteAsync("INSERT INTO t SELECT i, i FROM generate_series(1, 50) i");
        var till = await chain.TillAsync("T1", "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CHECK (v > -100), note TEXT)");
        await till.SyncAsync();
        if (from == RepairSource.Central)
            await chain.BehindCaptureAsync("UPDATE t SET v = -100 - id WHERE id = 7; UPDATE t SET note = 'x' WHERE id < 10");
        else
            till.BehindCapture("UPDATE t SET v = 100 + id WHERE id = 7; UPDATE t SET note = 'x' WHERE id < 10");

        var report = await chain.RepairAsync(till, from);

        Assert.Equal((8, 1), (report.Tables.Sum(t => t.Written), report.RefusedRows));
        Assert.Equal(("t", "7"), (report.Refused[0].Table, report.Refused[0].Key));
        Assert.NotEmpty(report.Refused[0].Reason);
    }

    [Theory]
    [InlineData(RepairSource.Central, "repair-rows-applied")]
    [InlineData(RepairSource.Terminal, "repair-batch-applied")]
    [InlineData(RepairSource.Terminal, "advance-central")]
    public async Task A_repair_that_dies_is_finished_by_the_next_one(RepairSource from, string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await BrokenAsync(chain);
        await till.Sync.DisposeAsync();
        var doomed = new Repair(till.File.Path, chain.Source, new SyncOptions { Step = name => { if (name == step) throw new KilledException(step); } });
        await Assert.ThrowsAsync<KilledException>(() => doomed.RunAsync(new RepairRequest { From = from, IsConfirmed = true }));

        Assert.Empty((await chain.RepairAsync(till, from)).Refused);

        var after = await chain.VerifyAsync(till);
        Assert.True(after.IsEqual, after.Describe());
        Assert.Empty(await chain.TextsAsync("SELECT number FROM orders GROUP BY number HAVING count(*) > 1"));
    }

    [Fact]
    public async Task A_row_that_is_on_its_way_is_left_to_the_sync()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await BrokenAsync(chain);
        till.Execute("UPDATE products SET name = 'Sold' WHERE id = 'p5'");

        await chain.RepairAsync(till, RepairSource.Central);

        Assert.Equal("Sold", till.Scalar("SELECT name FROM products WHERE id = 'p5'"));
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.True((await chain.VerifyAsync(till)).IsEqual);
    }

    [Theory]
    [InlineData(RepairSource.Central)]
    [InlineData(RepairSource.Terminal)]
    public async Task Ten_thousand_rows_are_repaired_in_handfuls(RepairSource from)
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE t (id text PRIMARY KEY, v int)", [new() { Name = "t" }]);
        await chain.Database.ExecuteAsync("INSERT INTO t SELECT md5(i::text), i FROM generate_series(1, 10000) i");
        var till = await chain.TillAsync("T1", "CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)");
        await till.SyncAsync();
        till.BehindCapture("DELETE FROM t WHERE v % 5 = 0; UPDATE t SET v = -v WHERE v % 5 = 1; UPDATE t SET id = id || 'x' WHERE v % 5 = 2");

        var report = await chain.RepairAsync(till, from);

        Assert.Equal(8_000, report.Found.Differences);
        Assert.True((await chain.VerifyAsync(till)).IsEqual);
        Assert.Equal(from == RepairSource.Central ? 10_000L : 8_000L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    private const string CentralRows = """
        SELECT concat_ws('|', 'p', id, sku, name, price::float8, stock) COLLATE "C" FROM products UNION ALL SELECT concat_ws('|', 'o', number, total, status) COLLATE "C" FROM orders
        UNION ALL SELECT concat_ws('|', 'i', o.number, i.product_id, i.quantity) COLLATE "C" FROM order_items i JOIN orders o ON o.id = i.order_id ORDER BY 1
        """;

    private const string LocalRows = """
        SELECT concat_ws('|', 'p', id, sku, name, trim(trim(price, '0'), '.'), stock) FROM products UNION ALL SELECT concat_ws('|', 'o', number, total, status) FROM orders
        UNION ALL SELECT concat_ws('|', 'i', o.number, i.product_id, i.quantity) FROM order_items i JOIN orders o ON o.local_id = i.order_id ORDER BY 1
        """;

    private static async Task<Till> BrokenAsync(SyncFixture chain)
    {
        await Shop.ProductsAsync(chain, 9);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("one", "p1") + Shop.Sale("two", "p2", 2));
        await till.SyncAsync();
        await till.SyncAsync();
        await chain.BehindCaptureAsync(CentralChanges);
        till.BehindCapture(TillChanges);
        return till;
    }
}
