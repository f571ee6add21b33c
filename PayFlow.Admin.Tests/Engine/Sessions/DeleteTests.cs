using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Deletes, and what looks like one.</summary>
public sealed class DeleteTests
{
    private const string Central = "CREATE TABLE goods (id int PRIMARY KEY, sku text UNIQUE, name text, stock int); CREATE TABLE notes (id int PRIMARY KEY, body text, deleted_at timestamptz);";

    private const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, sku TEXT UNIQUE, name TEXT, stock INTEGER); CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, deleted_at TEXT);";

    [Fact]
    public async Task Deletes_travel_both_ways_and_a_row_never_sent_leaves_no_trace()
    {
        await using var chain = await StartAsync();
        var (till, other) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        await till.SyncAsync();
        await other.SyncAsync();
        till.Execute("DELETE FROM goods WHERE id = 1; INSERT INTO goods VALUES (100, 'x', 'never sent', 1); UPDATE goods SET stock = 2 WHERE id = 100; DELETE FROM goods WHERE id = 100");
        await chain.Database.ExecuteAsync("DELETE FROM goods WHERE id = 2; INSERT INTO goods VALUES (101, 'y', 'gone at once', 1); DELETE FROM goods WHERE id = 101");
        Assert.Equal(["goods:1"], till.Texts("SELECT id FROM sync_queue"));
        await till.SyncAsync();
        await other.SyncAsync();
        Assert.Equal(["3", "4", "5"], await chain.TextsAsync("SELECT id::text FROM goods ORDER BY id"));
        Assert.Equal(["3", "4", "5"], till.Texts("SELECT id FROM goods ORDER BY id"));
        Assert.Equal(["3", "4", "5"], other.Texts("SELECT id FROM goods ORDER BY id"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.journal WHERE key = '100'"));
    }

    [Fact]
    public async Task A_delete_of_a_row_with_a_soft_delete_column_marks_it_on_the_other_side()
    {
        await using var chain = await StartAsync();
        await chain.Database.ExecuteAsync("INSERT INTO notes VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
        var (till, other) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        await till.SyncAsync();
        await other.SyncAsync();
        till.Execute("DELETE FROM notes WHERE id = 1; UPDATE notes SET deleted_at = '2024-01-01T00:00:00Z' WHERE id = 2");
        await chain.Database.ExecuteAsync("UPDATE notes SET deleted_at = now() WHERE id = 3");
        foreach (var each in new[] { till, other, till })
            await each.SyncAsync();
        Assert.Equal(["1", "2", "3"], await chain.TextsAsync("SELECT id::text FROM notes WHERE deleted_at IS NOT NULL ORDER BY 1"));
        Assert.Equal(["1", "2", "3"], other.Texts("SELECT id FROM notes WHERE deleted_at IS NOT NULL ORDER BY 1"));
        Assert.Equal(["2", "3"], till.Texts("SELECT id FROM notes WHERE deleted_at IS NOT NULL AND id <> 1 ORDER BY 1"));
        Assert.Equal(4L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM notes"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        Assert.Equal(0, (await other.SyncAsync()).Moved);
    }

    [Theory]
    [InlineData("INSERT OR REPLACE INTO goods VALUES (3, 'sku3', 'replaced', 30)")]
    [InlineData("REPLACE INTO goods (id, sku, name, stock) SELECT id, sku, 'replaced', 30 FROM goods WHERE id = 3")]
    [InlineData("INSERT INTO goods VALUES (3, 'sku3', 'x', 1) ON CONFLICT (id) DO UPDATE SET name = 'replaced', stock = 30")]
    [InlineData("DELETE FROM goods WHERE id = 3; INSERT INTO goods VALUES (3, 'sku3', 'replaced', 30)")]
    [InlineData("BEGIN; INSERT OR REPLACE INTO goods VALUES (3, 'tmp', 'once', 1); INSERT OR REPLACE INTO goods VALUES (3, 'sku3', 'replaced', 30); COMMIT")]
    public async Task A_replaced_row_keeps_its_before_image_and_travels_as_an_update(string replace)
    {
        await using var chain = await StartAsync();
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute(replace);
        Assert.Equal(["goods:3 UPDATE"], till.Texts("SELECT id || ' ' || action FROM sync_queue WHERE base IS NOT NULL"));
        var report = await till.SyncAsync();
        Assert.Equal(1, report.Tables.Sum(t => t.Updated));
        Assert.Equal("replaced30", await chain.Database.ScalarAsync<string>("SELECT name || stock FROM goods WHERE id = 3"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task A_row_that_a_replace_pushes_out_by_its_unique_value_is_deleted_in_central()
    {
        await using var chain = await StartAsync();
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("INSERT OR REPLACE INTO goods VALUES (50, 'sku1', 'takes sku1', 1); INSERT OR REPLACE INTO goods VALUES (2, 'sku3', 'takes sku3', 2)");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(till.Texts("SELECT concat_ws('|', id, sku, name, stock) FROM goods ORDER BY id"), await chain.TextsAsync("SELECT concat_ws('|', id, sku, name, stock) FROM goods ORDER BY id"));
        Assert.Equal(["2", "4", "5", "50"], till.Texts("SELECT id FROM goods ORDER BY id"));
        Assert.Empty(till.Texts("SELECT id || last_error FROM sync_queue"));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_captured()
    {
        await using var chain = await StartAsync();
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("UPDATE goods SET name = name; UPDATE goods SET stock = stock + 0; INSERT OR IGNORE INTO goods VALUES (1, 'other', 'ignored', 1); UPDATE goods SET stock = 9 WHERE id = 77");
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        till.Execute("UPDATE goods SET stock = 99 WHERE id = 1; UPDATE goods SET stock = 1 WHERE id = 1");
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task A_parent_deleted_in_central_does_not_take_a_sale_along_that_was_never_sent()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 1);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("A", "p1"));
        await till.SyncAsync();
        till.Execute("INSERT INTO order_items (order_id, product_id, quantity) VALUES (1, 'p1', 7)");
        await chain.Database.ExecuteAsync("DELETE FROM orders");
        var report = await till.SyncAsync();
        Assert.False(report.IsClean);
        Assert.Equal(["7"], till.Texts("SELECT quantity FROM order_items WHERE quantity = 7"));
        Assert.Single(till.Texts("SELECT id FROM sync_queue"));

        till.Execute("DELETE FROM order_items");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM orders"));
        Assert.Empty(till.Texts("SELECT key || reason FROM payflow_aside"));
    }

    private static async Task<SyncFixture> StartAsync()
    {
        var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT i, 'sku' || i, 'n' || i, i FROM generate_series(1, 5) i");
        return chain;
    }
}
