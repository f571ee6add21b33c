using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Keys that change, and tables that are emptied at once.</summary>
public sealed class KeyChangeTests
{
    private const string Central = """
        CREATE TABLE products (id varchar(36) PRIMARY KEY, sku text, name text NOT NULL);
        CREATE TABLE prices (product text, store int, price numeric(10,2), PRIMARY KEY (product, store));
        """;

    private const string Local = """
        CREATE TABLE products (id TEXT PRIMARY KEY, sku TEXT UNIQUE, name TEXT NOT NULL);
        CREATE TABLE prices (product TEXT, store INTEGER, price TEXT, PRIMARY KEY (product, store));
        """;

    [Fact]
    public async Task A_key_changed_in_central_arrives_as_a_delete_and_an_insert()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('a', '1', 'A'), ('b', '2', 'B'), ('c', '3', 'C'); INSERT INTO prices VALUES ('a', 1, 1), ('a', 2, 2)");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET id = 'z' WHERE id = 'a'; UPDATE products SET id = id || id WHERE id <> 'z'; UPDATE prices SET store = store + 10");
        await till.SyncAsync();
        await AssertSameAsync(chain, till);
    }

    [Fact]
    public async Task A_key_changed_at_the_till_arrives_as_a_delete_and_an_insert()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local.Replace(" UNIQUE", string.Empty, StringComparison.Ordinal));
        var other = await chain.TillAsync("T2", Local.Replace(" UNIQUE", string.Empty, StringComparison.Ordinal));
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('a', '1', 'A'), ('b', '2', 'B'), ('c', '3', 'C'); INSERT INTO prices VALUES ('a', 1, 1), ('a', 2, 2)");
        await till.SyncAsync();
        await other.SyncAsync();
        till.Execute("UPDATE products SET id = 'z' WHERE id = 'a'; UPDATE products SET id = 'tmp' WHERE id = 'b'; UPDATE products SET id = 'b' WHERE id = 'c'; UPDATE products SET id = 'c' WHERE id = 'tmp'; UPDATE prices SET store = store + 10");
        await till.SyncAsync();
        await other.SyncAsync();
        Assert.Equal(["b|3|C", "c|2|B", "z|1|A"], await chain.TextsAsync("SELECT concat_ws('|', id, sku, name) FROM products ORDER BY id"));
        await AssertSameAsync(chain, till, other);
    }

    [Fact]
    public async Task A_row_pushed_out_by_an_update_or_replace_at_the_till_is_deleted_in_central()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('a', '1', 'A'), ('b', '2', 'B'), ('c', '3', 'C'), ('d', '4', 'D')");
        await till.SyncAsync();
        till.Execute("UPDATE OR REPLACE products SET sku = '2' WHERE id = 'a'; UPDATE OR REPLACE products SET id = 'd' WHERE id = 'c'");
        Assert.Equal(["a|2|A", "d|3|C"], till.Texts("SELECT concat_ws('|', id, sku, name) FROM products ORDER BY id"));
        await till.SyncAsync();
        Assert.Equal(["a|2|A", "d|3|C"], await chain.TextsAsync("SELECT concat_ws('|', id, sku, name) FROM products ORDER BY id"));
        await AssertSameAsync(chain, till);
    }

    [Fact]
    public async Task A_truncate_in_central_empties_the_till_but_for_what_it_never_sent()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('a', '1', 'A'), ('b', '2', 'B')");
        await till.SyncAsync();
        till.Execute("INSERT INTO products VALUES ('new', '9', 'New')");
        await chain.Database.ExecuteAsync("TRUNCATE products");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(["new"], await chain.TextsAsync("SELECT id FROM products"));
        await AssertSameAsync(chain, till);
    }

    [Fact]
    public async Task A_truncate_with_new_rows_in_the_same_transaction_leaves_the_new_rows()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('a', '1', 'A'), ('b', '2', 'B')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('gone', '7', 'X'); TRUNCATE products; INSERT INTO products VALUES ('b', '5', 'B again'), ('c', '1', 'C')");
        await till.SyncAsync();
        Assert.Equal(["b|5|B again", "c|1|C"], till.Texts("SELECT concat_ws('|', id, sku, name) FROM products ORDER BY id"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_truncate_holds_up_nothing_where_an_unsent_sale_still_refers_to_a_row()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("first", "p1"));
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("TRUNCATE products, order_items; INSERT INTO customers VALUES (gen_random_uuid(), 'C', '1')");
        till.Execute("INSERT INTO orders (number, total) VALUES ('unsent', 1); INSERT INTO order_items (order_id, product_id, quantity) VALUES (2, 'p2', 1)");
        await till.SyncAsync();
        Assert.Equal(["first", "unsent"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        Assert.Equal(1L, till.Scalar("SELECT count(*) FROM customers"));
        Assert.Equal(["p2"], till.Texts("SELECT id FROM products"));
        Assert.Equal(["waits for products/p2"], till.Texts("SELECT last_error FROM sync_queue"));

        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('p2', 'sku2', 'Product 2 is back', 1, 1)");
        await till.SyncAsync();
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
    }

    private static async Task AssertSameAsync(SyncFixture chain, params Till[] tills)
    {
        foreach (var till in tills)
        {
            Assert.Equal(await chain.TextsAsync("SELECT concat_ws('|', id, sku, name) COLLATE \"C\" FROM products ORDER BY 1"), till.Texts("SELECT concat_ws('|', id, sku, name) FROM products ORDER BY 1"));
            Assert.Equal(await chain.TextsAsync("SELECT concat_ws('|', product, store, price) COLLATE \"C\" FROM prices ORDER BY 1"), till.Texts("SELECT concat_ws('|', product, store, price) FROM prices ORDER BY 1"));
            Assert.Empty(till.Texts("SELECT id || coalesce(last_error, '') FROM sync_queue"));
            Assert.Equal(0, (await till.SyncAsync()).Moved);
        }
    }
}
