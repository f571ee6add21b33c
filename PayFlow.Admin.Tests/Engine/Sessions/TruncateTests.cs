using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>A table that central emptied, read by a till when it has rows again.</summary>
public sealed class TruncateTests
{
    private const string Central = """
        CREATE TABLE orders (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, number text UNIQUE);
        CREATE TABLE items (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, name text, order_id text REFERENCES orders ON DELETE CASCADE);
        """;

    private const string Local = """
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, number TEXT UNIQUE);
        CREATE TABLE items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, name TEXT, order_id INTEGER REFERENCES orders(local_id) ON DELETE {action});
        CREATE TABLE notes (order_id INTEGER REFERENCES orders(local_id) ON DELETE CASCADE, text TEXT);
        """;

    [Theory]
    [InlineData("CASCADE")]
    [InlineData("SET NULL")]
    public async Task A_truncate_that_is_read_late_leaves_the_items_of_orders_made_since(string action)
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        // Orders wait for bootstrap, because there is one; items do not, and so their place in the log runs ahead.
        var till = await chain.TillAsync("T1", $"{Schema(action)} INSERT INTO orders (number) VALUES ('old')", bootstrap: false);
        await chain.Database.ExecuteAsync("TRUNCATE orders CASCADE");
        till.Execute("INSERT INTO orders (number) VALUES ('new'); INSERT INTO items (name, order_id) VALUES ('tea', 2)");
        await till.SyncAsync();
        Assert.Equal(["tea"], await chain.TextsAsync("SELECT name FROM items"));

        await till.Sync.RunAsync(new SyncRequest { Bootstrap = true });
        await till.SyncAsync();

        Assert.Equal(["new", "old"], await chain.TextsAsync("SELECT number FROM orders ORDER BY 1"));
        await AssertSameAsync(chain, till);
    }

    [Fact]
    public async Task A_truncate_that_one_table_s_run_has_read_leaves_its_rows_when_the_others_read_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Schema("CASCADE"));
        await chain.Database.ExecuteAsync("INSERT INTO orders VALUES ('o1', '1'); INSERT INTO items VALUES ('i1', 'tea', 'o1')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("TRUNCATE orders CASCADE; INSERT INTO orders VALUES ('o1', '1'); INSERT INTO items VALUES ('i1', 'tea', 'o1')");

        await till.Settled();
        await till.Sync.RunAsync(new SyncRequest { Tables = ["items"] });
        await till.SyncAsync();

        await AssertSameAsync(chain, till);
    }

    [Fact]
    public async Task A_table_that_is_emptied_and_filled_again_keeps_what_the_till_alone_hangs_on_its_rows()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Schema("CASCADE"));
        await chain.Database.ExecuteAsync("INSERT INTO orders VALUES ('o1', '1'), ('o2', '2'); INSERT INTO items VALUES ('i1', 'tea', 'o1'), ('i2', 'tea', 'o2')");
        await till.SyncAsync();
        till.Execute("INSERT INTO notes SELECT local_id, 'for ' || number FROM orders");
        // What number 1 was is number 3 now, and another row has the 1.
        await chain.Database.ExecuteAsync("TRUNCATE orders CASCADE; INSERT INTO orders VALUES ('o1', '3'), ('o3', '1'); INSERT INTO items VALUES ('i1', 'coffee', 'o1')");

        await till.SyncAsync();

        Assert.Equal(["1 o1 3", "3 o3 1"], till.Texts("SELECT concat_ws(' ', local_id, server_id, number) FROM orders ORDER BY 1"));
        Assert.Equal(["for 1"], till.Texts("SELECT text FROM notes"));
        await AssertSameAsync(chain, till);
    }

    [Fact]
    public async Task A_row_that_goes_after_a_truncate_was_read_and_before_the_table_is_read_again_goes_from_the_till()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Schema("CASCADE"));
        await chain.Database.ExecuteAsync("INSERT INTO orders VALUES ('o1', '1'), ('o2', '2')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("TRUNCATE orders CASCADE; INSERT INTO orders VALUES ('o1', '1'), ('o2', '2')");

        till = await chain.KillAtAsync(till, "page-written", first: () => chain.Database.ExecuteAsync("DELETE FROM orders WHERE id = 'o1'").GetAwaiter().GetResult());
        Assert.Equal(2L, till.Scalar("SELECT count(*) FROM orders"));
        await till.SyncAsync();

        Assert.Equal(["2"], till.Texts("SELECT number FROM orders"));
        await AssertSameAsync(chain, till);
    }

    private static string Schema(string action) => Local.Replace("{action}", action, StringComparison.Ordinal);

    private static async Task AssertSameAsync(SyncFixture chain, Till till)
    {
        Assert.Equal(await chain.TextsAsync("SELECT concat_ws('|', id, number) COLLATE \"C\" FROM orders ORDER BY 1"), till.Texts("SELECT concat_ws('|', server_id, number) FROM orders ORDER BY 1"));
        Assert.Equal(await chain.TextsAsync("SELECT concat_ws('|', id, name, order_id) COLLATE \"C\" FROM items ORDER BY 1"),
            till.Texts("SELECT concat_ws('|', i.server_id, i.name, o.server_id) FROM items i LEFT JOIN orders o ON o.local_id = i.order_id ORDER BY 1"));
        Assert.Empty(till.Texts("SELECT id || ' ' || coalesce(last_error, '') FROM sync_queue"));
        Assert.Empty(till.Texts("SELECT table_name || '/' || key || ' ' || reason FROM payflow_aside"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }
}
