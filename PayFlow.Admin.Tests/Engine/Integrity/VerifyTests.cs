using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>What a comparison finds, and what it must not take for a difference.</summary>
public sealed class VerifyTests
{
    private static readonly TableMapEntry[] Map = [new() { Name = "products" }, new() { Name = "customers" }, new() { Name = "orders" }, new() { Name = "order_items" }];

    [Fact]
    public async Task A_till_in_step_is_equal_in_every_table()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);

        var report = await chain.VerifyAsync(till);

        Assert.True(report.IsEqual, report.Describe());
        Assert.Equal(["products 20 equal", "customers 1 equal", "orders 2 equal", "order_items 2 equal"], report.Lines().Order(StringComparer.Ordinal).OrderBy(l => Array.IndexOf(Map.Select(m => m.Name).ToArray(), l.Split(' ')[0])));
    }

    [Fact]
    public async Task Exactly_the_rows_that_were_changed_behind_the_engine_s_back_are_found()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        await chain.BehindCaptureAsync("UPDATE products SET price = 99 WHERE id = 'p3'; DELETE FROM products WHERE id = 'p4'; INSERT INTO products VALUES ('q1', 's', 'New', 1, 1)");
        till.BehindCapture("UPDATE products SET name = 'Other' WHERE id = 'p5'; DELETE FROM products WHERE id = 'p6'; INSERT INTO products VALUES ('q2', 't', 'New', '1', 1); UPDATE order_items SET order_id = 2 WHERE local_id = 1; DELETE FROM customers");

        var report = await chain.VerifyAsync(till);

        var products = report.Table("products");
        Assert.Equal((16, 2, 2, 2), (products.Equal, products.MissingInTerminal, products.MissingInCentral, products.Different));
        Assert.Equal(
            ["Different p3 price 3.5000 99.0000", "Different p5 name Other Product 5", "MissingInCentral p4   ", "MissingInCentral q2   ", "MissingInTerminal p6   ", "MissingInTerminal q1   "],
            products.Samples.Select(s => $"{s.Kind} {s.Key} {s.Column} {s.Terminal} {s.Central}").Order(StringComparer.Ordinal));
        Assert.Equal(1, report.Table("order_items").Different);
        Assert.Equal("order_id", Assert.Single(report.Table("order_items").Samples).Column);
        Assert.Equal(1, report.Table("customers").MissingInTerminal);
        Assert.Equal(0, report.Table("orders").Differences);
    }

    [Fact]
    public async Task What_is_on_its_way_is_no_difference()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE products SET price = 99 WHERE id = 'p3'; DELETE FROM products WHERE id = 'p7'; INSERT INTO products VALUES ('q1', 's', 'New', 1, 1)");
        till.Execute("UPDATE products SET name = 'Other' WHERE id = 'p5'; DELETE FROM customers; INSERT INTO products VALUES ('q2', 't', 'New', '1', 1); DELETE FROM order_items WHERE local_id = 1; INSERT INTO orders (number) VALUES ('new')");

        var report = await chain.VerifyAsync(till);

        Assert.True(report.IsEqual, report.Describe());
        Assert.Equal(5, report.Table("products").InFlight);
        Assert.Equal((1, 1, 1), (report.Table("customers").InFlight, report.Table("order_items").InFlight, report.Table("orders").InFlight));
    }

    [Fact]
    public async Task Rows_of_a_parent_that_was_replaced_or_deleted_and_waits_to_be_sent_are_no_difference()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        till.Execute("PRAGMA foreign_keys = OFF; INSERT OR REPLACE INTO orders (local_id, number) SELECT local_id, 'again' FROM orders WHERE local_id = 1; DELETE FROM orders WHERE local_id = 2");

        var report = await chain.VerifyAsync(till);

        Assert.True(report.IsEqual, report.Describe());
        Assert.Equal(2L, report.Table("order_items").Equal);
    }

    [Fact]
    public async Task A_change_behind_the_horizon_of_a_running_transaction_is_on_its_way()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        await using var open = await chain.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await open.BeginTransactionAsync();
        await using (var late = new Npgsql.NpgsqlCommand("UPDATE products SET price = 1 WHERE id = 'p1'", open))
            await late.ExecuteNonQueryAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET price = 99 WHERE id = 'p3'");
        await till.Sync.RunAsync();

        Assert.Equal(1, (await chain.VerifyAsync(till)).Table("products").InFlight);
        await transaction.CommitAsync();
        Assert.Equal(2, (await chain.VerifyAsync(till)).Table("products").InFlight);
        await till.SyncAsync();
        Assert.Equal(0, (await chain.VerifyAsync(till)).Table("products").InFlight);
    }

    [Fact]
    public async Task A_till_that_sells_and_syncs_meanwhile_makes_no_difference()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        using var stop = new CancellationTokenSource();
        var selling = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                till.Execute(Shop.Sale($"busy{i}", $"p{i % 20 + 1}"));
        });
        var pricing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await chain.Database.ExecuteAsync($"UPDATE products SET price = price + 1 WHERE id = 'p{i % 20 + 1}'");
        });
        var syncing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await till.Sync.RunAsync();
        });
        try
        {
            for (var i = 0; i < 5; i++)
            {
                var report = await chain.VerifyAsync(till);
                Assert.True(report.IsEqual, report.Describe());
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(selling, pricing, syncing);
        }
        await till.SyncAsync();
        Assert.True((await chain.VerifyAsync(till)).IsEqual);
    }

    [Fact]
    public async Task A_table_that_waits_for_bootstrap_or_its_first_load_is_not_compared_and_says_so()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, [new() { Name = "products" }, new() { Name = "customers" }, new() { Name = "orders", Enabled = false }]);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local + "INSERT INTO products (id, name) VALUES ('x', 'Old')", bootstrap: false);

        var report = await chain.VerifyAsync(till);

        Assert.Contains("bootstrap", report.Table("products").NotCompared, StringComparison.Ordinal);
        Assert.Contains("sync first", report.Table("customers").NotCompared, StringComparison.Ordinal);
        Assert.Contains("disabled", report.Table("orders").NotCompared, StringComparison.Ordinal);
        Assert.True(report.IsEqual);
    }

    [Fact]
    public async Task Rows_outside_of_a_filter_are_nobody_s_difference_but_extra_where_a_table_only_travels_down()
    {
        const string Schema = "CREATE TABLE a (id int PRIMARY KEY, store text, v int); CREATE TABLE b (id int PRIMARY KEY, store text, v int)";
        await using var chain = await SyncFixture.CreateAsync(Schema, [new() { Name = "a", Filter = "store = {terminal.store}" }, new() { Name = "b", Filter = "store = {terminal.store}", Direction = SyncDirection.Push }]);
        await chain.Database.ExecuteAsync("INSERT INTO a SELECT i, 's' || i % 2, i FROM generate_series(1, 10) i; INSERT INTO b SELECT * FROM a");
        var till = await chain.TillAsync("T1", Schema, new Dictionary<string, string> { ["store"] = "s1" });
        await till.SyncAsync();
        till.BehindCapture("INSERT INTO a VALUES (2, 's0', 2); INSERT INTO b VALUES (2, 's0', 2)");

        var report = await chain.VerifyAsync(till);

        Assert.Equal((5, 0, 1), (report.Table("a").Equal, report.Table("a").Differences, report.Table("a").Excluded.Values.Sum()));
        Assert.Equal((5, 1), (report.Table("b").Equal, report.Table("b").MissingInCentral));
    }

    [Fact]
    public async Task A_table_that_only_travels_up_has_rows_of_other_tills()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, [new() { Name = "products" }, new() { Name = "orders", Direction = SyncDirection.Pull }, new() { Name = "order_items", Direction = SyncDirection.Pull }]);
        await Shop.ProductsAsync(chain, 2);
        var (one, two) = (await chain.TillAsync("T1", Shop.Local), await chain.TillAsync("T2", Shop.Local));
        await one.SyncAsync();
        await two.SyncAsync();
        one.Execute(Shop.Sale("a", "p1"));
        two.Execute(Shop.Sale("b", "p2") + Shop.Sale("c", "p1"));
        await one.SyncAsync();
        await two.SyncAsync();
        await one.SyncAsync();

        Assert.True((await chain.VerifyAsync(one)).IsEqual);
        Assert.Equal(2, (await chain.VerifyAsync(two)).Table("orders").Equal);
        await chain.BehindCaptureAsync("DELETE FROM orders WHERE number = 'a'");
        var report = await chain.VerifyAsync(one);
        Assert.Equal((1, 0), (report.Table("orders").MissingInCentral, report.Table("order_items").MissingInCentral));
        Assert.True((await chain.VerifyAsync(two)).IsEqual);
    }

    [Fact]
    public async Task Two_rows_that_name_one_central_row_are_one_too_many()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);
        till.BehindCapture("INSERT INTO orders (server_id, number, total, status, created_at) SELECT server_id, number, total, status, created_at FROM orders WHERE local_id = 1; INSERT INTO orders (number) VALUES ('lost')");

        var report = await chain.VerifyAsync(till);

        Assert.Equal((2, 2), (report.Table("orders").Equal, report.Table("orders").MissingInCentral));
    }

    [Fact]
    public async Task Another_central_s_file_is_refused()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        await using var other = await SyncFixture.CreateAsync(Shop.Central, Map);
        var till = await ShopAsync(chain);

        var refused = await Assert.ThrowsAsync<SyncException>(() => other.VerifyAsync(till));

        Assert.Equal(SyncErrorCode.IdentityMismatch, refused.Code);
        Assert.Equal(SyncErrorCode.InvalidConfiguration, (await Assert.ThrowsAsync<SyncException>(() => chain.VerifyAsync(till, new VerifyRequest { Tables = ["nope"] }))).Code);
    }

    [Fact]
    public async Task A_hundred_thousand_rows_with_a_handful_of_differences()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE sales (id varchar(36) PRIMARY KEY, amount numeric(12,2), note text)", [new() { Name = "sales" }]);
        await chain.Database.ExecuteAsync("INSERT INTO sales SELECT md5(i::text), i / 100.0, 'note ' || i FROM generate_series(1, 100000) i");
        var till = await chain.TillAsync("T1", "CREATE TABLE sales (id TEXT PRIMARY KEY, amount REAL, note TEXT)");
        await till.SyncAsync();
        Assert.Equal(100_000, (await chain.VerifyAsync(till)).Table("sales").Equal);
        await chain.BehindCaptureAsync("UPDATE sales SET amount = -1 WHERE id IN (md5('7'), md5('77777'))");
        till.BehindCapture("DELETE FROM sales WHERE rowid % 10000 = 17; UPDATE sales SET note = 'x' WHERE rowid % 20000 = 19");

        var sales = (await chain.VerifyAsync(till)).Table("sales");

        Assert.Equal((10, 0, 7), (sales.MissingInTerminal, sales.MissingInCentral, sales.Different));
        Assert.Equal(100_000 - 17, sales.Equal);
    }

    private static async Task<Till> ShopAsync(SyncFixture chain)
    {
        await Shop.ProductsAsync(chain, 20);
        await chain.Database.ExecuteAsync("INSERT INTO customers VALUES ('00000000-0000-0000-0000-00000000000a', 'Ann', '1')");
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("one", "p1") + Shop.Sale("two", "p2", 2));
        await till.SyncAsync();
        await till.SyncAsync();
        return till;
    }

    [Fact]
    public async Task A_row_that_a_till_deleted_and_that_central_only_marks_as_deleted_is_no_difference()
    {
        const string Columns = "(id TEXT PRIMARY KEY, name TEXT, deleted_at TEXT)";
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE s (id text PRIMARY KEY, name text, deleted_at timestamptz); INSERT INTO s VALUES ('a', 'A'), ('b', 'B')");
        var till = await chain.TillAsync("T1", $"CREATE TABLE s {Columns}");
        await till.SyncAsync();
        till.Execute("DELETE FROM s WHERE id = 'a'");
        await till.SyncAsync();
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM s WHERE deleted_at IS NOT NULL"));

        var report = await chain.VerifyAsync(till);

        Assert.True(report.IsEqual, report.Describe());
        Assert.Equal(1, Assert.Single(report.Table("s").Excluded).Value);
    }
}
