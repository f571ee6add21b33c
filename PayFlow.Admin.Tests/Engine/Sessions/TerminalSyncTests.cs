using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

public sealed class TerminalSyncTests
{
    private const string Central = """
        CREATE TABLE products (id varchar(36) PRIMARY KEY, sku text UNIQUE, name text NOT NULL, price numeric(15,4), stock int, updated_at timestamp(3) DEFAULT now());
        CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text NOT NULL, total numeric(15,4));
        CREATE TABLE order_items (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, order_id varchar(36) NOT NULL REFERENCES orders, product_id varchar(36) REFERENCES products, quantity int NOT NULL);
        """;

    private const string Local = """
        CREATE TABLE products (id TEXT PRIMARY KEY, sku TEXT UNIQUE, name TEXT NOT NULL, price DECIMAL(15,4), stock INTEGER, updated_at TEXT);
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT DEFAULT 'PENDING', number TEXT NOT NULL, total REAL);
        CREATE TABLE order_items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT DEFAULT 'PENDING', order_id INTEGER NOT NULL REFERENCES orders(local_id), product_id TEXT REFERENCES products(id), quantity INTEGER NOT NULL);
        """;

    [Fact]
    public async Task Rows_travel_both_ways_and_a_third_run_moves_nothing()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO products SELECT 'p' || i, 'sku' || i, 'Product ' || i, i + 0.5, i FROM generate_series(1, 100) i");
        var till = await chain.TillAsync("T1", Local);

        var first = await till.SyncAsync();
        Assert.Equal(100L, till.File.Scalar("SELECT count(*) FROM products"));
        Assert.Equal(100, first.Moved);

        till.Execute("INSERT INTO orders (number, total) VALUES ('A1', 12.5); INSERT INTO order_items (order_id, product_id, quantity) VALUES (1, 'p1', 2), (1, 'p2', 1); UPDATE products SET stock = stock - 1 WHERE id = 'p1'");
        await chain.Database.ExecuteAsync("UPDATE products SET price = 99 WHERE id = 'p2'");
        var second = await till.SyncAsync();

        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items i JOIN orders o ON o.id = i.order_id"));
        Assert.Equal(0, await chain.Database.ScalarAsync<int>("SELECT stock FROM products WHERE id = 'p1'"));
        Assert.Equal(99L, till.File.Scalar("SELECT price FROM products WHERE id = 'p2'"));
        Assert.Equal("SYNCED", till.File.Scalar("SELECT sync_status FROM orders"));
        Assert.NotNull(till.File.Scalar("SELECT server_id FROM orders"));
        Assert.Equal(0L, till.File.Scalar("SELECT count(*) FROM sync_queue"));
        Assert.Equal(5, second.Moved);
        Assert.True(second.IsClean);

        var third = await till.SyncAsync();
        Assert.Equal(0, third.Moved);
        Assert.Empty(third.Tables);
    }
}
