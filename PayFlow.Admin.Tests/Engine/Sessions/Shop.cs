using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>The tables that most tests of lost changes share: a catalogue and customers with one key on both sides, orders with the till's own.</summary>
internal static class Shop
{
    public const string Central = """
        CREATE TABLE products (id varchar(36) PRIMARY KEY, sku text UNIQUE, name text NOT NULL, price numeric(20,4), stock int CHECK (stock > -1000));
        CREATE TABLE customers (id uuid PRIMARY KEY, name text NOT NULL, phone text);
        CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text NOT NULL, total int, status text, created_at timestamptz);
        CREATE TABLE order_items (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, order_id varchar(36) NOT NULL REFERENCES orders ON DELETE CASCADE, product_id varchar(36) REFERENCES products, quantity int NOT NULL);
        """;

    public const string Local = """
        CREATE TABLE products (id TEXT PRIMARY KEY, sku TEXT UNIQUE, name TEXT NOT NULL, price TEXT, stock INTEGER);
        CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT);
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT DEFAULT 'PENDING', number TEXT NOT NULL, total INTEGER, status TEXT, created_at TEXT);
        CREATE TABLE order_items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT DEFAULT 'PENDING', order_id INTEGER NOT NULL REFERENCES orders(local_id) ON DELETE CASCADE, product_id TEXT REFERENCES products(id), quantity INTEGER NOT NULL);
        """;

    // In byte order on both sides, so that the lists can be compared as they are.
    private static readonly (string Central, string Local)[] Digests =
    [
        ("SELECT concat_ws('|', id, sku, name, price, stock) COLLATE \"C\" FROM products ORDER BY 1", "SELECT concat_ws('|', id, sku, name, price, stock) FROM products ORDER BY 1"),
        ("SELECT concat_ws('|', id, name, phone) COLLATE \"C\" FROM customers ORDER BY 1", "SELECT concat_ws('|', id, name, phone) FROM customers ORDER BY 1"),
        ("SELECT concat_ws('|', id, number, total, status) COLLATE \"C\" FROM orders ORDER BY 1", "SELECT concat_ws('|', server_id, number, total, status) FROM orders ORDER BY 1"),
        ("SELECT concat_ws('|', id, order_id, product_id, quantity) COLLATE \"C\" FROM order_items ORDER BY 1",
            "SELECT concat_ws('|', i.server_id, o.server_id, i.product_id, i.quantity) FROM order_items i JOIN orders o ON o.local_id = i.order_id ORDER BY 1"),
    ];

    /// <summary>A sale of one item, as the POS program books it.</summary>
    public static string Sale(string number, string product, int quantity = 1) => $"""
        BEGIN;
        INSERT INTO orders (number, total, status, created_at) VALUES ('{number}', {quantity * 100}, 'open', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
        INSERT INTO order_items (order_id, product_id, quantity) VALUES (last_insert_rowid(), '{product}', {quantity});
        UPDATE products SET stock = stock - {quantity} WHERE id = '{product}';
        COMMIT;
        """;

    public static Task ProductsAsync(SyncFixture chain, int count) =>
        chain.Database.ExecuteAsync($"INSERT INTO products SELECT 'p' || i, 'sku' || i, 'Product ' || i, i + 0.5, 100 FROM generate_series(1, {count}) i");

    /// <summary>Every row of every table is the same on both sides, and nothing waits.</summary>
    public static async Task AssertConvergedAsync(SyncFixture chain, params Till[] tills)
    {
        foreach (var till in tills)
        {
            foreach (var (central, local) in Digests)
                Assert.Equal(await chain.TextsAsync(central), till.Texts(local));
            Assert.Empty(till.Texts("SELECT id || ' ' || status || ' ' || coalesce(last_error, '') FROM sync_queue"));
            Assert.Empty(till.Texts("SELECT table_name || '/' || key || ' ' || reason FROM payflow_aside"));
        }
    }
}
