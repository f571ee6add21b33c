using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>A delete that central would carry on to rows its till never had.</summary>
public sealed class CascadedDeleteTests
{
    private const string Central = """
        CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number text, created_at timestamptz DEFAULT now());
        CREATE TABLE order_items (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid REFERENCES orders ON DELETE CASCADE, name text, parent uuid REFERENCES order_items ON DELETE CASCADE);
        """;

    private const string Local = """
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY, server_id TEXT, number TEXT, created_at TEXT);
        CREATE TABLE order_items (local_id INTEGER PRIMARY KEY, server_id TEXT, order_id INTEGER REFERENCES orders(local_id) ON DELETE CASCADE, name TEXT, parent INTEGER REFERENCES order_items(local_id) ON DELETE CASCADE);
        """;

    [Fact]
    public async Task A_deleted_order_takes_no_items_along_that_its_till_never_had()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders" }, new TableMapEntry { Name = "order_items" });
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO orders (local_id, number) VALUES (1, 'A'), (2, 'B'); INSERT INTO order_items (order_id, name) VALUES (1, 'tea'), (2, 'tea')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO order_items (order_id, name) SELECT id, 'from the head office' FROM orders WHERE number = 'A'");

        till.Execute("PRAGMA foreign_keys = ON; DELETE FROM orders");
        var report = await till.SyncAsync();

        Assert.Equal(["A"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(["from the head office"], await chain.TextsAsync("SELECT name FROM order_items ORDER BY 1"));
        Assert.Equal("FAILED", till.Scalar("SELECT status FROM sync_queue"));
        Assert.Contains("order_items in central still has rows", (string)till.Scalar("SELECT last_error FROM sync_queue")!, StringComparison.Ordinal);
        Assert.Equal(1, report.Queue["FAILED"]);

        await chain.Database.ExecuteAsync("DELETE FROM order_items");
        till.Execute("UPDATE sync_queue SET next_attempt_at = '2000-01-01T00:00:00.000Z'");
        await till.SyncAsync();
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM sync_queue"));
    }

    [Fact]
    public async Task Rows_of_one_table_that_hang_on_each_other_go_together()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders" }, new TableMapEntry { Name = "order_items" });
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO order_items (local_id, name, parent) VALUES (1, 'box', NULL), (2, 'in it', 1), (3, 'in that', 2), (4, 'bag', NULL), (5, 'in the bag', 4)");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO order_items (name, parent) SELECT 'of the head office', id FROM order_items WHERE name = 'in the bag'");

        till.Execute("PRAGMA foreign_keys = ON; DELETE FROM order_items WHERE parent IS NULL");
        await till.SyncAsync();

        Assert.Equal(["bag", "in the bag", "of the head office"], await chain.TextsAsync("SELECT name FROM order_items ORDER BY 1"));
        Assert.Equal(2L, till.Scalar("SELECT count(*) FROM sync_queue WHERE status = 'FAILED'"));
    }
}
