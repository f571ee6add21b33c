using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

public sealed class SyncVerbsTests
{
    [Fact]
    public async Task A_till_is_attached_bootstrapped_synced_shown_and_detached()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', 9.5)");

        var attached = await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1", "--attribute", "store_id=S1", "--attribute", "terminal_id=X");
        Assert.Equal((0, string.Empty), (attached.ExitCode, attached.Error));
        Assert.Contains("payflow bootstrap --sqlite", attached.Output, StringComparison.Ordinal);

        var preview = await shop.RunAsync("bootstrap", "--dry-run");
        Assert.Equal(0, preview.ExitCode);
        Assert.Contains("Nothing was changed", preview.Output, StringComparison.Ordinal);
        Assert.Equal(0L, await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders"));

        Assert.Equal(0, (await shop.RunAsync("bootstrap")).ExitCode);
        Assert.Equal(1L, await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders"));

        var synced = await shop.RunAsync("sync");
        Assert.Equal(0, synced.ExitCode);
        Assert.Contains("central → till T1", synced.Output, StringComparison.Ordinal);
        Assert.Equal(20L, shop.Till.Scalar("SELECT count(*) FROM products"));

        var still = await shop.RunAsync("sync", "--json");
        Assert.Equal(0, still.Json.GetProperty("moved").GetInt32());
        Assert.True(still.Json.GetProperty("ok").GetBoolean());

        Assert.Contains("queue       empty", (await shop.RunAsync("status")).Output, StringComparison.Ordinal);
        var all = await CommandRun.OfAsync("status", "--central", shop.Central.ConnectionString);
        Assert.Contains("store_id=S1, terminal_id=X", all.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await shop.RunAsync("detach")).ExitCode);
        Assert.Equal(0L, shop.Till.Scalar("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'payflow%' OR name LIKE 'sync\\_%' ESCAPE '\\'"));
        Assert.Equal(1L, shop.Till.Scalar("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_map_whose_filter_a_till_cannot_meet_is_not_saved()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        var filtered = Shop.GoodMap.Replace("\"push\"", "\"push\",\"filter\":\"name <> {terminal.region}\"", StringComparison.Ordinal);

        var refused = await shop.RunWithMapAsync("sync", filtered);
        Assert.Equal((2, "payflow: terminal T1 has no attribute region, which the filter of table products asks for"), (refused.ExitCode, refused.Lines[0]));
        Assert.Contains("payflow attach --sqlite FILE --attribute region=VALUE", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1L, await shop.Central.ScalarAsync<long>("SELECT map_version FROM payflow.central"));

        Assert.Equal(0, (await shop.RunWithMapAsync("attach", filtered, "--terminal", "T1", "--attribute", "region=N")).ExitCode);
        Assert.Equal(0, (await shop.RunAsync("sync")).ExitCode);
    }

    [Fact]
    public async Task A_till_without_an_id_is_called_after_its_file()
    {
        await using var shop = await Shop.OpenAsync();

        Assert.Equal("till", (await shop.RunAsync("attach", "--json")).Json.GetProperty("terminal").GetString());
        Assert.True((await shop.RunAsync("attach", "--json")).Json.GetProperty("wasAttached").GetBoolean());
    }

    [Fact]
    public async Task A_row_that_central_refuses_ends_a_sync_with_4_and_is_listed_with_its_reason()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Central.ExecuteAsync("ALTER TABLE orders ADD CHECK (total >= 0)");
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('good', 1), ('bad', -1)");

        var synced = await shop.RunAsync("sync");

        Assert.Equal(4, synced.ExitCode);
        Assert.Contains("failed: 1 row refused by central", synced.Output, StringComparison.Ordinal);
        Assert.Contains("payflow status --sqlite", synced.Output, StringComparison.Ordinal);
        Assert.StartsWith("  next: payflow queue list --sqlite ", (await shop.RunAsync("status")).Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Contains("FAILED orders 2: ", (await shop.RunAsync("status")).Output, StringComparison.Ordinal);
        Assert.Equal(1L, await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Status_shows_the_till_while_central_is_down()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number) VALUES ('A1')");

        var status = await CommandRun.OfAsync("status", "--sqlite", shop.Till.Path, "--central", "Host=127.0.0.1;Port=1;Username=x");

        Assert.Equal(0, status.ExitCode);
        Assert.Contains("not reached, so this is the till's own view", status.Output, StringComparison.Ordinal);
        Assert.Contains("1 open change", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_are_made_where_they_are_missing()
    {
        await using var shop = await Shop.OpenAsync();
        await using var empty = await CentralDatabase.CreateAsync();
        string[] there = ["--sqlite", shop.Till.Path, "--central", empty.ConnectionString];

        var planned = await CommandRun.OfAsync(["provision", "--from", "terminal", "--dry-run", .. there]);
        Assert.Equal(0, planned.ExitCode);
        Assert.Contains("CREATE TABLE", planned.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0L, await empty.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));

        Assert.Equal(0, (await CommandRun.OfAsync(["provision", "--from", "terminal", .. there])).ExitCode);
        Assert.True(await empty.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") >= 2);

        var fresh = Path.Combine(Path.GetDirectoryName(shop.Till.Path)!, "fresh.db");
        var made = await CommandRun.OfAsync("provision", "--from", "central", "--sqlite", fresh, "--central", shop.Central.ConnectionString);
        Assert.Equal((0, string.Empty), (made.ExitCode, made.Error));
        Assert.Equal(0, (await CommandRun.OfAsync("schema", "--sqlite", fresh, "--central", shop.Central.ConnectionString)).ExitCode);
    }

    [Fact]
    public async Task Schema_ends_with_1_when_something_cannot_be_synced()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Central.ExecuteAsync("DROP TABLE products; CREATE TABLE products (name text, master_stock_quantity int)");

        var compared = await shop.RunWithMapAsync("schema", Shop.GoodMap);

        Assert.Equal(1, compared.ExitCode);
        Assert.Contains("error", compared.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_moved_on_purpose_is_taken_by_accept_moved()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        await shop.RunAsync("sync");
        var copy = Path.Combine(Path.GetDirectoryName(shop.Till.Path)!, "copy.db");
        File.Copy(shop.Till.Path, copy);
        shop.Till.Execute("INSERT INTO orders (number) VALUES ('A1')");
        await shop.RunAsync("sync");

        var refused = await CommandRun.OfAsync("sync", "--sqlite", copy, "--central", shop.Central.ConnectionString);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is a copy of the file of terminal T1", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--as-new", refused.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await CommandRun.OfAsync("sync", "--sqlite", copy, "--central", shop.Central.ConnectionString, "--accept-moved")).ExitCode);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_says_so_and_leaves_no_trace_of_a_stack()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunAsync("attach");

        var stopped = await CommandRun.OfAsync(new CancellationToken(canceled: true), "sync", "--sqlite", shop.Till.Path, "--central", shop.Central.ConnectionString);

        Assert.Equal(130, stopped.ExitCode);
        Assert.StartsWith("payflow: stopped", Assert.Single(stopped.Lines), StringComparison.Ordinal);
    }
}
