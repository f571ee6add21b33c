using System.Globalization;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

public sealed class QueueVerbTests
{
    private const string Central = """
        CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text NOT NULL, total numeric(10,2) CHECK (total >= 0));
        CREATE TABLE order_items (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, order_id varchar(36) NOT NULL REFERENCES orders, quantity int);
        CREATE TABLE notes (id int PRIMARY KEY, body text);
        INSERT INTO notes VALUES (1, 'central');
        """;

    private const string Local = """
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, number TEXT NOT NULL, total TEXT);
        CREATE TABLE order_items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, order_id INTEGER NOT NULL REFERENCES orders(local_id), quantity INTEGER);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT CHECK (body <> 'bad'));
        """;

    [Theory]
    [InlineData("edit", "--set", "number=A2")]
    [InlineData("discard", "--yes")]
    public async Task A_value_that_no_json_of_central_holds_can_be_mended_or_given_up(string verb, params string[] rest)
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A' || char(0) || 'x', '1')");
        await shop.Till.SyncAsync();
        Assert.Equal(["FAILED"], shop.Till.Texts("SELECT status FROM sync_queue"));

        var done = await RunAsync(shop, [verb, "orders", "1", .. rest]);

        Assert.Equal((0, string.Empty), (done.ExitCode, done.Error));
        Assert.Equal(1L, await shop.Chain.Database.ScalarAsync<long>($"SELECT count(*) FROM payflow.audit WHERE action = 'queue.{verb}' AND detail::text LIKE '%A%x%'"));
        await shop.Till.SyncAsync();
        Assert.Empty(shop.Till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task A_sale_that_central_has_taken_is_not_given_up_because_the_till_changed_it_on_the_way()
    {
        await using var opened = await OpenAsync();
        opened.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '1')");
        var shop = opened with { Till = await opened.Chain.KillAtAsync(opened.Till, "batch-applied") };
        shop.Till.Execute("UPDATE orders SET total = '2' WHERE number = 'A1'");

        var refused = await RunAsync(shop, "discard", "orders", "1", "--yes");

        Assert.Contains("on its way", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.Equal(["A1"], shop.Till.Texts("SELECT number FROM orders"));
        await shop.Till.SyncAsync();
        Assert.Equal(["A1 2.00"], await shop.Chain.TextsAsync("SELECT number || ' ' || total FROM orders"));
    }

    [Fact]
    public async Task A_refused_row_is_shown_edited_and_goes()
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '-1'); INSERT INTO order_items (order_id, quantity) VALUES (1, 2)");
        await shop.Till.SyncAsync();

        var list = await RunAsync(shop, "list");
        Assert.Contains("FAILED      orders/1  insert", list.Output, StringComparison.Ordinal);
        Assert.Contains("waits for orders/1", list.Output, StringComparison.Ordinal);
        var shown = await RunAsync(shop, "show", "orders", "1");
        Assert.Matches(@"total +· +-1", shown.Output);
        Assert.Equal(shown.Output, (await RunAsync(shop, "show", "orders/1")).Output);
        Assert.Equal("payflow: No row was named", (await RunAsync(shop, "show", "orders")).Lines[0]);
        Assert.DoesNotContain(shown.Output.Split('\n').Where(l => !l.Contains("--sqlite", StringComparison.Ordinal)), l => l.Length > 80);

        var wrong = await RunAsync(shop, "edit", "orders", "1", "--set", "total=much");
        Assert.Contains("orders.total: 'much' is not a number", wrong.Lines[0], StringComparison.Ordinal);
        var edited = await RunAsync(shop, "edit", "orders", "1", "--set", "total=9.50", "--as", "ada", "--reason", "typo");
        Assert.Equal((0, string.Empty), (edited.ExitCode, edited.Error));
        await shop.Till.SyncAsync();

        Assert.Equal(["9.50"], await shop.Chain.TextsAsync("SELECT total FROM orders"));
        Assert.Equal(["2"], await shop.Chain.TextsAsync("SELECT quantity FROM order_items"));
        Assert.Contains("Nothing waits", (await RunAsync(shop, "list")).Output, StringComparison.Ordinal);
        Assert.Equal(["ada queue.edit typo s-1 s9.50"], await shop.Chain.TextsAsync("SELECT actor || ' ' || action || ' ' || (detail ->> 'reason') || ' ' || (detail -> 'before' ->> 'total') || ' ' || (detail -> 'after' ->> 'total') FROM payflow.audit"));
    }

    [Fact]
    public async Task A_dead_letter_is_requeued_also_when_central_is_down()
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '-1')");
        await shop.Till.SyncAsync();
        shop.Till.Execute("UPDATE sync_queue SET attempts = 10, next_attempt_at = NULL");
        Assert.Contains("DEAD LETTER", (await RunAsync(shop, "list", "--status", "failed")).Output, StringComparison.Ordinal);

        var requeued = await CommandRun.OfAsync("queue", "requeue", "--status", "failed", "--sqlite", shop.Till.File.Path, "--central", "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");

        Assert.Equal(0, requeued.ExitCode);
        Assert.Contains("1 row is due at the next sync.", requeued.Output, StringComparison.Ordinal);
        Assert.Contains("its audit does not know of it", requeued.Error, StringComparison.Ordinal);
        Assert.Equal("PENDING 0", shop.Till.Scalar("SELECT status || ' ' || attempts FROM sync_queue"));
        Assert.Equal(0, (await RunAsync(shop, "requeue", "orders", "1")).ExitCode);
        Assert.Equal(["queue.requeue"], await shop.Chain.TextsAsync("SELECT action FROM payflow.audit"));
    }

    [Fact]
    public async Task A_change_that_is_given_up_takes_centrals_values_again()
    {
        await using var shop = await OpenAsync();
        await shop.Till.SyncAsync();
        shop.Till.Execute("UPDATE notes SET body = 'till'");

        var preview = await RunAsync(shop, "discard", "notes", "1");
        Assert.Contains("notes/1: would take central's values again", preview.Output, StringComparison.Ordinal);
        Assert.Equal("till", shop.Till.Scalar("SELECT body FROM notes"));
        var done = await RunAsync(shop, "discard", "notes", "1", "--yes");

        Assert.Contains("has central's values again", done.Output, StringComparison.Ordinal);
        Assert.Equal("central", shop.Till.Scalar("SELECT body FROM notes"));
        Assert.Equal(0L, shop.Till.Scalar("SELECT count(*) FROM sync_queue"));
        Assert.Equal(["still"], await shop.Chain.TextsAsync("SELECT detail -> 'image' ->> 'body' FROM payflow.audit WHERE action = 'queue.discard'"));
        Assert.Equal(["discard SYNCED 1"], await shop.Chain.TextsAsync("SELECT sync_type || ' ' || status || ' ' || records_count FROM payflow.sync_log WHERE sync_type = 'discard' AND records_count > 0"));
    }

    [Fact]
    public async Task A_delete_that_is_given_up_brings_the_row_back()
    {
        await using var shop = await OpenAsync();
        await shop.Till.SyncAsync();
        shop.Till.Execute("DELETE FROM notes");

        Assert.Equal(0, (await RunAsync(shop, "discard", "notes", "1", "--yes")).ExitCode);

        Assert.Equal("central", shop.Till.Scalar("SELECT body FROM notes"));
        Assert.Equal(0L, (await shop.Till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_row_that_central_never_had_goes_unless_others_refer_to_it()
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '-1'); INSERT INTO order_items (order_id, quantity) VALUES (1, 2)");
        await shop.Till.SyncAsync();

        foreach (var yes in new string[][] { [], ["--yes"] })
        {
            var refused = await RunAsync(shop, ["discard", "orders", "1", .. yes]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("1 row of order_items at the till refers to it", refused.Lines[0], StringComparison.Ordinal);
            Assert.StartsWith("hint: ", refused.Lines[1], StringComparison.Ordinal);
        }
        var preview = await RunAsync(shop, "discard", "--all");
        Assert.Contains("lost: number A1, total -1", preview.Output, StringComparison.Ordinal);
        Assert.Equal((0, 2L), (preview.ExitCode, shop.Till.Scalar("SELECT count(*) FROM sync_queue")));
        var all = await RunAsync(shop, "discard", "--all", "--yes");

        Assert.Contains("2 changes given up, 0 refused.", all.Output, StringComparison.Ordinal);
        Assert.Equal("0 0 0", shop.Till.Scalar("SELECT (SELECT count(*) FROM orders) || ' ' || (SELECT count(*) FROM order_items) || ' ' || (SELECT count(*) FROM sync_queue)"));
        Assert.Equal(0L, (await shop.Till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_command_to_go_on_with_can_be_pasted()
    {
        var chain = await SyncFixture.CreateAsync("""CREATE TABLE "order lines" (a text, b text, n int CHECK (n > 0), PRIMARY KEY (a, b))""", new TableMapEntry { Name = "order lines" });
        await using var shop = new TestShop(chain, await chain.TillAsync("T1", """CREATE TABLE "order lines" (a TEXT, b TEXT, n INTEGER, PRIMARY KEY (a, b))"""));
        shop.Till.Execute("""INSERT INTO "order lines" VALUES ('10251', '2''2', 0)""");
        await shop.Till.SyncAsync();

        Assert.Contains("""'order lines' '["10251","2'\''2"]'""", (await RunAsync(shop, "list")).Output, StringComparison.Ordinal);
        Assert.Contains("order lines", (await RunAsync(shop, "list", "--table", "lines")).Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_central_nothing_is_given_up()
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '1')");

        var run = await CommandRun.OfAsync("queue", "discard", "--all", "--yes", "--sqlite", shop.Till.File.Path, "--central", "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1L, shop.Till.Scalar("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task What_is_on_its_way_or_in_conflict_is_left_alone()
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '1'), ('A2', '2')");
        shop.Till.Execute($"UPDATE sync_queue SET status = 'SYNCING', batch_id = '{Guid.NewGuid()}' WHERE entity_id = '1'; UPDATE sync_queue SET status = 'CONFLICT' WHERE entity_id = '2'");

        foreach (var verb in new[] { "requeue", "discard" })
        {
            string[] yes = [];
            Assert.Contains("orders/1 is on its way to central", (await RunAsync(shop, [verb, "orders", "1", .. yes])).Lines[0], StringComparison.Ordinal);
            Assert.Contains("orders/2 is in conflict", (await RunAsync(shop, [verb, "orders", "2", .. yes])).Lines[0], StringComparison.Ordinal);
        }
        Assert.Contains("on its way", (await RunAsync(shop, "edit", "orders", "1", "--set", "total=2")).Lines[0], StringComparison.Ordinal);
        Assert.Contains("not in the queue", (await RunAsync(shop, "requeue", "orders", "99")).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_was_set_aside_on_its_way_down_is_listed_with_its_reason()
    {
        await using var shop = await OpenAsync();
        await shop.Till.SyncAsync();
        await shop.Chain.Database.ExecuteAsync("UPDATE notes SET body = 'bad'");
        await shop.Till.SyncAsync();

        var list = await RunAsync(shop, "list", "--status", "aside", "--json");

        var row = list.Json.GetProperty("rows")[0];
        Assert.Equal("notes 1", row.GetProperty("table").GetString() + " " + row.GetProperty("key").GetString());
        Assert.Contains("CHECK", row.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("came from central", (await RunAsync(shop, "discard", "notes", "1", "--yes")).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_under_way_and_a_locked_file_are_respected()
    {
        await using var shop = await OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '-1')");
        await shop.Till.SyncAsync();
        await using (var holder = await shop.Chain.Database.DataSource.OpenConnectionAsync())
        {
            await using var take = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(1346786137, hashtext('T1'))", holder);
            await take.ExecuteNonQueryAsync();
            Assert.Contains("is being synced by another run", (await RunAsync(shop, "edit", "orders", "1", "--set", "total=2")).Lines[0], StringComparison.Ordinal);
            await using var free = new Npgsql.NpgsqlCommand("SELECT pg_advisory_unlock_all()", holder);
            await free.ExecuteNonQueryAsync();
        }
        Assert.Equal("-1", Convert.ToString(shop.Till.Scalar("SELECT total FROM orders"), CultureInfo.InvariantCulture));
    }

    private static async Task<TestShop> OpenAsync()
    {
        var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders" }, new TableMapEntry { Name = "order_items" }, new TableMapEntry { Name = "notes" });
        return new TestShop(chain, await chain.TillAsync("T1", Local));
    }

    private static Task<CommandRun> RunAsync(TestShop shop, string verb, params string[] arguments) => RunAsync(shop, [verb, .. arguments]);

    private static Task<CommandRun> RunAsync(TestShop shop, string[] arguments) =>
        CommandRun.OfAsync(["queue", .. arguments, "--sqlite", shop.Till.File.Path, "--central", shop.Chain.Database.ConnectionString]);

    private sealed record TestShop(SyncFixture Chain, Till Till) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Chain.DisposeAsync();
    }
}
