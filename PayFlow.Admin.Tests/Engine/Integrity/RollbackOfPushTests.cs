using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Integrity.Rollbacks;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

public sealed class RollbackOfPushTests
{
    [Fact]
    public async Task What_came_down_goes_and_does_not_come_straight_back()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        var before = RollbackCase.Till(till);
        await chain.Database.ExecuteAsync("""
            UPDATE products SET name = 'Tea', price = 1.25 WHERE id = 'p1'; DELETE FROM products WHERE id = 'p5'; INSERT INTO products (id, name) VALUES ('p9', 'new');
            DELETE FROM orders WHERE number = 'A1'; INSERT INTO orders (id, number) VALUES ('o2', 'A2'); INSERT INTO order_items (id, order_id, quantity) VALUES ('i2', 'o2', 1)
            """);
        var run = await till.SyncAsync();
        var central = await RollbackCase.CentralAsync(chain);

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Equal((TerminalPart.Done, 0L), (report.TerminalPart, report.LeftCount));
        Assert.Equal(before, RollbackCase.Till(till));
        Assert.Equal(central, await RollbackCase.CentralAsync(chain));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        Assert.Equal(before, RollbackCase.Till(till));

        await chain.Database.ExecuteAsync("UPDATE products SET stock = 3 WHERE id = 'p1'");
        await till.SyncAsync();
        Assert.Equal("Tea", till.Scalar("SELECT name FROM products WHERE id = 'p1'"));
    }

    [Fact]
    public async Task A_first_load_goes_as_a_whole_and_comes_back_by_rolling_back_the_rollback()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 2_500);
        await chain.Database.ExecuteAsync("INSERT INTO orders (id, number, total) SELECT 'o' || i, 'A' || i, i FROM generate_series(1, 300) i; INSERT INTO order_items (id, order_id, product_id, quantity) SELECT 'i' || i, 'o' || i, 'p' || i, 1 FROM generate_series(1, 300) i");
        var till = await chain.TillAsync("T1", Shop.Local);
        var run = await till.SyncAsync();
        var after = RollbackCase.Till(till);

        var undo = await chain.RollBackAsync(run.RunId, till);
        Assert.Equal(0, undo.LeftCount);
        Assert.Empty(RollbackCase.Till(till));
        Assert.Equal(0, (await till.SyncAsync()).Moved);

        var redo = await chain.RollBackAsync(undo.RunId!.Value, till);
        Assert.Equal(0, redo.LeftCount);
        Assert.Equal(after, RollbackCase.Till(till));
        await Shop.AssertConvergedAsync(chain, till);
        till.Execute("UPDATE orders SET total = 5 WHERE local_id = 7");
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
    }

    [Fact]
    public async Task Rows_that_the_till_changed_since_and_their_parents_stay()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await StartAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'Tea' WHERE id IN ('p1', 'p2', 'p3'); INSERT INTO products (id, name) VALUES ('p8', 'x'), ('p9', 'x'); INSERT INTO orders (id, number) VALUES ('o2', 'A2')");
        var run = await till.SyncAsync();
        till.Execute("UPDATE products SET stock = 1 WHERE id = 'p1'; UPDATE products SET stock = 2 WHERE id = 'p2'; INSERT INTO order_items (order_id, product_id, quantity) SELECT local_id, 'p9', 1 FROM orders WHERE number = 'A2'");
        await till.SyncAsync();
        till.Execute("UPDATE products SET stock = 3 WHERE id = 'p2'");

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Equal(
            ["orders 2 rows of order_items refer to it", "products p1 it was changed since", "products p2 the till changed it since", "products p9 rows of order_items refer to it"],
            report.Left.Select(l => $"{l.Table} {l.Key} {l.Reason}").Order(StringComparer.Ordinal));
        Assert.Equal("Product 3", till.Scalar("SELECT name FROM products WHERE id = 'p3'"));
        Assert.Null(till.Scalar("SELECT 1 FROM products WHERE id = 'p8'"));
        Assert.Equal(1L, till.Scalar("SELECT count(*) FROM sync_queue"));
    }

    [Fact]
    public async Task Rows_that_the_pos_programs_own_triggers_alter_go_back_too()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local + "CREATE TRIGGER shout AFTER INSERT ON products BEGIN UPDATE products SET name = upper(name) WHERE id = NEW.id; END; CREATE TRIGGER louder AFTER UPDATE OF stock ON products BEGIN UPDATE products SET name = name || '!' WHERE id = NEW.id; END;");
        var load = await till.SyncAsync();
        var before = RollbackCase.Till(till);
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 1 WHERE id = 'p1'");
        var run = await till.SyncAsync();
        Assert.NotEqual(before, RollbackCase.Till(till));

        await chain.RollBackAsync(run.RunId, till);
        var second = await chain.RollBackAsync(run.RunId, till);
        Assert.Equal((0L, 0L), (second.Moved, second.LeftCount));
        var all = await chain.RollBackAsync(load.RunId, till);
        Assert.Equal(["p1"], all.Left.Select(l => l.Key));
    }

    private static async Task<Till> StartAsync(SyncFixture chain)
    {
        await Shop.ProductsAsync(chain, 5);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("A1", "p2"));
        await till.SyncAsync();
        await till.SyncAsync();
        return till;
    }
}
