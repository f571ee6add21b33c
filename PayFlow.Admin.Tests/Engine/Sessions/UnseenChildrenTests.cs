using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>A delete that comes down, and that the till's own <c>ON DELETE</c> would carry on to rows that central has never seen.</summary>
public sealed class UnseenChildrenTests
{
    private const string Central = """
        CREATE TABLE orders (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, number text UNIQUE, store text);
        CREATE TABLE items (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, name text, updated_at timestamptz, order_id text REFERENCES orders ON DELETE SET NULL);
        CREATE TABLE extras (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, name text, item_id text REFERENCES items ON DELETE SET NULL);
        """;

    private const string Orders = "CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, number TEXT UNIQUE, store TEXT);";

    private const string Items = "CREATE TABLE items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, name TEXT, updated_at TEXT, order_id INTEGER REFERENCES orders(local_id) ON DELETE CASCADE);";

    private const string Rows = "INSERT INTO orders (number, store) VALUES ('A', 'north'), ('B', 'north'); INSERT INTO items (name, order_id) VALUES ('tea', 1), ('milk', 2);";

    private static readonly SyncRequest Bootstrap = new() { Bootstrap = true };

    [Theory]
    [InlineData("DELETE FROM orders WHERE number = 'A'")]
    [InlineData("TRUNCATE orders CASCADE; INSERT INTO orders (number, store) VALUES ('B', 'north')")]
    [InlineData("UPDATE orders SET store = 'south' WHERE number = 'A'")]
    [InlineData("DELETE FROM orders WHERE number = 'A'", true)]
    public async Task A_delete_waits_for_items_that_wait_for_bootstrap(string gone, bool isSwept = false)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders", Filter = "store = {terminal.store}" }, new TableMapEntry { Name = "items" });
        var till = await chain.TillAsync("T1", Orders + Items + Rows, Store("north"), bootstrap: false);
        till = await chain.KillAtAsync(till, "bootstrap-table-done", Bootstrap);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync(gone);
        if (isSwept)
            till.Execute("UPDATE payflow_tables SET load_state = 'sweeping', load_key = NULL WHERE name = 'orders'");

        var report = await till.SyncAsync();

        Assert.Contains("tea", till.Texts("SELECT name FROM items"));
        Assert.Contains("A", till.Texts("SELECT number FROM orders"));
        Assert.Equal(RunStatus.Failed, report.Status);
        Assert.Contains("items still has rows of it that wait to be compared", string.Join('\n', till.Texts("SELECT reason FROM payflow_aside")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delete_that_waited_goes_through_when_the_items_have_been_compared()
    {
        await using var chain = await SyncFixture.CreateAsync(Central.Replace("REFERENCES orders ON DELETE SET NULL", string.Empty, StringComparison.Ordinal));
        var till = await chain.TillAsync("T1", Orders + Items + Rows, bootstrap: false);
        till = await chain.KillAtAsync(till, "bootstrap-table-done", Bootstrap);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("DELETE FROM orders WHERE number = 'A'");
        await till.SyncAsync();
        Assert.Equal(2L, till.Scalar("SELECT count(*) FROM items"));

        await till.Sync.RunAsync(Bootstrap);
        await till.SyncAsync();
        await till.SyncAsync();

        Assert.Equal(["milk", "tea"], await chain.TextsAsync("SELECT name FROM items ORDER BY 1"));
        Assert.Equal(["B"], till.Texts("SELECT number FROM orders"));
    }

    [Fact]
    public async Task A_delete_waits_for_the_rows_of_rows_and_through_a_table_that_is_not_synced()
    {
        const string Between = """
            CREATE TABLE links (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(local_id) ON DELETE CASCADE);
            CREATE TABLE items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, name TEXT, updated_at TEXT, link_id INTEGER REFERENCES links(id) ON DELETE CASCADE);
            CREATE TABLE extras (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, name TEXT, item_id INTEGER REFERENCES items(local_id) ON DELETE CASCADE);
            INSERT INTO orders (number) VALUES ('A'); INSERT INTO links VALUES (1, 1); INSERT INTO items (name, link_id) VALUES ('tea', 1); INSERT INTO extras (name, item_id) VALUES ('lemon', 1);
            """;
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Orders + Between, bootstrap: false);
        till = await chain.KillAtAsync(till, "bootstrap-table-done", Bootstrap, time: 2);
        Assert.Equal(["extras"], till.Texts("SELECT name FROM payflow_tables WHERE boot_state <> 'done'"));
        await chain.Database.ExecuteAsync("DELETE FROM orders");
        await till.SyncAsync();

        Assert.Equal(["lemon"], till.Texts("SELECT name FROM extras"));
        Assert.Equal(["A"], till.Texts("SELECT number FROM orders"));
    }

    [Fact]
    public async Task A_delete_waits_for_rows_that_a_trigger_of_the_till_would_delete()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Orders + Items.Replace(" REFERENCES orders(local_id) ON DELETE CASCADE", string.Empty, StringComparison.Ordinal) + Rows
            + "CREATE TRIGGER tidy AFTER DELETE ON orders BEGIN DELETE FROM items WHERE order_id = OLD.local_id; END;", bootstrap: false);
        till = await chain.KillAtAsync(till, "bootstrap-table-done", Bootstrap);
        await chain.Database.ExecuteAsync("DELETE FROM orders WHERE number = 'A'");
        await till.SyncAsync();

        Assert.Equal(["tea", "milk"], till.Texts("SELECT name FROM items"));
    }

    [Fact]
    public async Task A_delete_waits_for_items_newer_than_what_was_read_by_timestamp()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders" }, new TableMapEntry { Name = "items", TerminalCapture = CaptureMode.Timestamp });
        var till = await chain.TillAsync("T1", Orders + Items);
        till.Execute("INSERT INTO orders (number) VALUES ('A'), ('B'); INSERT INTO items (name, updated_at, order_id) VALUES ('tea', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1), ('milk', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 2)");
        await till.SyncAsync();
        till.Execute("INSERT INTO items (name, updated_at, order_id) VALUES ('lemon', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1)");
        await chain.Database.ExecuteAsync("DELETE FROM orders");
        await till.Settled();
        await till.Sync.RunAsync(new SyncRequest { Direction = SyncDirection.Push });

        Assert.Equal(["tea", "milk", "lemon"], till.Texts("SELECT name FROM items"));
        Assert.Equal(["A"], till.Texts("SELECT number FROM orders"));
    }

    [Fact]
    public async Task Items_that_lose_only_their_order_do_not_hold_its_delete_up()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Orders + Items.Replace("CASCADE", "SET NULL", StringComparison.Ordinal) + Rows, bootstrap: false);
        till = await chain.KillAtAsync(till, "bootstrap-table-done", Bootstrap);
        await chain.Database.ExecuteAsync("DELETE FROM orders WHERE number = 'A'");
        await till.SyncAsync();
        Assert.Equal(["B"], till.Texts("SELECT number FROM orders"));

        await till.Sync.RunAsync(Bootstrap);
        await till.SyncAsync();

        Assert.Equal(["milk B", "tea "], await chain.TextsAsync("SELECT concat(name, ' ', number) FROM items LEFT JOIN orders ON orders.id = order_id ORDER BY name"));
        Assert.Equal(["milk", "tea"], till.Texts("SELECT name FROM items ORDER BY 1"));
    }

    [Fact]
    public async Task Rows_of_a_table_that_is_not_synced_go_as_when_the_till_itself_deletes()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Orders + "CREATE TABLE notes (order_id INTEGER REFERENCES orders(local_id) ON DELETE CASCADE, text TEXT); INSERT INTO orders (number) VALUES ('A'); INSERT INTO notes VALUES (1, 'call back');");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("DELETE FROM orders");
        await till.SyncAsync();

        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM orders"));
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM notes"));
    }

    private static Dictionary<string, string> Store(string name) => new(StringComparer.Ordinal) { ["store"] = name };
}
