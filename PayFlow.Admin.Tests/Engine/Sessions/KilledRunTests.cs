using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>The engine's process ends at every named step; another one goes on with the same file.</summary>
public sealed class KilledRunTests
{
    private static readonly SyncRequest Bootstrap = new() { Bootstrap = true };

    public static TheoryData<string> StepsOfASync =>
        ["advance-announced", "advance-central", "advance-confirmed", "batch-claimed", "batch-applied", "batch-acknowledged", "load-chunk-written", "load-table-done", "page-read", "page-written", "run-logged"];

    [Theory]
    [MemberData(nameof(StepsOfASync))]
    public async Task A_sync_killed_at_a_step_converges_afterwards(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 20);
        var till = await chain.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO orders (number, total) VALUES ('before the first load', 1)");
        till = await chain.KillAtAsync(till, step);
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        if (!step.StartsWith("load", StringComparison.Ordinal))
            till = await KillAgainAsync(chain, till, step);

        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        Assert.Equal(await chain.Database.ScalarAsync<long>("SELECT count(DISTINCT number) FROM orders"), await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.sync_log WHERE status = 'RUNNING'"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Theory]
    [InlineData("bootstrap-chunk-applied")]
    [InlineData("bootstrap-table-done")]
    [InlineData("advance-central")]
    public async Task A_bootstrap_killed_at_a_step_goes_on_and_books_nothing_twice(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local + """
            INSERT INTO products VALUES ('p1', 'sku1', 'Product 1', '1.5000', 100), ('own', 'own', 'Only here', '2.0000', 1);
            INSERT INTO orders (number, total) VALUES ('old 1', 1), ('old 2', 2);
            INSERT INTO order_items (order_id, product_id, quantity) VALUES (1, 'p1', 1), (2, 'own', 2);
            """, bootstrap: false);
        till = await chain.KillAtAsync(till, step, Bootstrap);
        till.Execute("UPDATE orders SET status = 'touched meanwhile' WHERE local_id = 1");
        await till.Sync.RunAsync(Bootstrap);
        await till.SyncAsync();

        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        Assert.Equal("touched meanwhile", await chain.Database.ScalarAsync<string>("SELECT status FROM orders WHERE number = 'old 1'"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Theory]
    [InlineData("batch-claimed")]
    [InlineData("batch-applied")]
    public async Task A_recovery_that_is_killed_itself_is_recovered(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO orders (number, total) VALUES ('A', 1)");
        till = await chain.KillAtAsync(till, step);
        Assert.Equal("SYNCING", till.Scalar("SELECT status FROM sync_queue"));
        till = await chain.KillAtAsync(till, "recover-asked");
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    private static readonly string[] Meddlings =
    [
        "UPDATE orders SET total = total + 5 WHERE number = 'A'",
        "UPDATE orders SET total = total + 5 WHERE number = 'A'; UPDATE orders SET total = total + 5, status = 'paid' WHERE number = 'A'",
        "DELETE FROM orders WHERE number = 'A'",
        "DELETE FROM orders WHERE number = 'A'; INSERT INTO orders (local_id, number, total) VALUES (1, 'A again', 9)",
        "UPDATE orders SET total = 2 WHERE number = 'A'; UPDATE orders SET total = 1 WHERE number = 'A'",
        "UPDATE products SET name = 'x', stock = 3 WHERE id = 'p1'",
        "DELETE FROM products WHERE id = 'p2'; INSERT INTO products VALUES ('p2', 'new', 'reborn', '7.0000', 1)",
    ];

    [Theory]
    [InlineData("batch-claimed", false)]
    [InlineData("batch-claimed", true)]
    [InlineData("batch-applied", false)]
    [InlineData("batch-applied", true)]
    public async Task A_row_that_the_pos_changes_while_its_batch_is_on_the_way_is_neither_lost_nor_doubled(string step, bool killed)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 2);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        foreach (var meddling in Meddlings)
        {
            till.Execute("DELETE FROM orders");
            await till.SyncAsync();
            till.Execute("INSERT INTO orders (local_id, number, total) VALUES (1, 'A', 1); UPDATE products SET name = name || '!', stock = stock + 1");
            till = killed ? await chain.KillAtAsync(till, step, first: () => till.Execute(meddling)) : await RunMeddledAsync(chain, till, step, meddling);

            await till.SyncAsync();
            await Shop.AssertConvergedAsync(chain, till);
            Assert.Equal(0, (await till.SyncAsync()).Moved);
            Assert.Equal(till.Scalar("SELECT count(*) FROM orders"), await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
            Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        }
    }

    private static async Task<Till> RunMeddledAsync(SyncFixture chain, Till till, string step, string meddling)
    {
        var done = false;
        var meddled = await chain.ReopenAsync(till, new SyncOptions
        {
            Step = name =>
            {
                if (name != step || done)
                    return;
                done = true;
                till.Execute(meddling);
            },
        });
        await meddled.SyncAsync();
        Assert.True(done);
        return meddled;
    }

    private static async Task<Till> KillAgainAsync(SyncFixture chain, Till till, string step)
    {
        till.Execute(Shop.Sale("S1", "p1", 2));
        till.Execute("UPDATE orders SET status = 'paid' WHERE number = 'before the first load'");
        till.Execute("DELETE FROM products WHERE id = 'p9'");
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'renamed' WHERE id = 'p2'; INSERT INTO customers VALUES (gen_random_uuid(), 'C', null); DELETE FROM products WHERE id = 'p3'");
        return await chain.KillAtAsync(till, step);
    }
}
