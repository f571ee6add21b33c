using Xunit;

namespace PayFlow.Admin.Tests.Commands;

public sealed class RollbackVerbTests
{
    [Fact]
    public async Task A_run_is_listed_previewed_and_rolled_back()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number, total) VALUES ('A1', 9.5)");
        await shop.RunAsync("sync");
        string[] central = ["--central", shop.Central.ConnectionString];
        var runs = await CommandRun.OfAsync(["runs", "--json", .. central]);
        var run = runs.Json.GetProperty("runs")[0].GetProperty("id").GetString()!;
        Assert.Contains(run[..8], (await CommandRun.OfAsync(["runs", "--terminal", "T1", .. central])).Output, StringComparison.Ordinal);

        var preview = await CommandRun.OfAsync(["rollback", run[..10], "--dry-run", .. central]);
        Assert.Equal((0, string.Empty), (preview.ExitCode, preview.Error));
        Assert.Contains("Nothing was changed: 21 rows would go back", preview.Output, StringComparison.Ordinal);
        Assert.Equal(1L, await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders"));

        var done = await CommandRun.OfAsync(["rollback", run[..10], "--as", "Ann", .. central]);
        Assert.Equal((0, string.Empty), (done.ExitCode, done.Error));
        Assert.Contains("payflow repair --from terminal", done.Output, StringComparison.Ordinal);
        Assert.Contains("The other side keeps what it has: the two sides would then differ in these 21 rows (orders 1, products 20)", preview.Output, StringComparison.Ordinal);
        Assert.Contains("the two sides now differ in these 21 rows (orders 1, products 20)", done.Output, StringComparison.Ordinal);
        Assert.Equal(0L, await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(0L, shop.Till.Scalar("SELECT count(*) FROM products"));
        Assert.Equal("Ann", await shop.Central.ScalarAsync<string>("SELECT actor FROM payflow.audit WHERE action = 'run.rollback'"));
        var listed = (await CommandRun.OfAsync(["runs", .. central])).Output;
        Assert.Contains($"of {run[..8]}", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(listed.Split('\n'), l => l.Length > 80);

        var again = await CommandRun.OfAsync(["rollback", run, .. central]);
        var undo = await shop.Central.ScalarAsync<string>("SELECT id::text FROM payflow.sync_log WHERE undoes IS NOT NULL");
        Assert.Contains($"It is rolled back already, by run {undo}", again.Output, StringComparison.Ordinal);
        Assert.Equal(listed, (await CommandRun.OfAsync(["runs", .. central])).Output);
        Assert.Single((await CommandRun.OfAsync(["runs", "--limit", "1", "--json", .. central])).Json.GetProperty("runs").EnumerateArray());
        Assert.Contains("T1", (await CommandRun.OfAsync(["runs", "--terminal", "T9", .. central])).Lines[1], StringComparison.Ordinal);
        Assert.Equal(0, (await shop.RunAsync("sync", "--json")).Json.GetProperty("moved").GetInt32());
    }

    [Fact]
    public async Task Many_rows_go_back_only_with_yes()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Central.ExecuteAsync("INSERT INTO products SELECT 'q' || i, 'Product', i FROM generate_series(1, 100) i");
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        await shop.RunAsync("sync");
        var run = await shop.Central.ScalarAsync<string>("SELECT id::text FROM payflow.sync_log ORDER BY started_at DESC LIMIT 1");
        string[] central = ["--central", shop.Central.ConnectionString];

        var refused = await CommandRun.OfAsync(["rollback", run!, .. central]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("120 rows would go back, and nothing was changed", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--yes", refused.Error, StringComparison.Ordinal);
        Assert.Equal(120L, shop.Till.Scalar("SELECT count(*) FROM products"));

        Assert.Equal(0, (await CommandRun.OfAsync(["rollback", run!, "--yes", .. central])).ExitCode);
        Assert.Equal(0L, shop.Till.Scalar("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task A_run_that_is_not_there_and_a_file_of_another_till_are_named()
    {
        await using var shop = await Shop.OpenAsync();
        await using var other = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        await other.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T2");
        await shop.RunAsync("sync");
        var run = await shop.Central.ScalarAsync<string>("SELECT id::text FROM payflow.sync_log ORDER BY started_at DESC LIMIT 1");
        string[] central = ["--central", shop.Central.ConnectionString];

        Assert.Contains("There is no run ffffffffff", (await CommandRun.OfAsync(["rollback", "ffffffffff", .. central])).Error, StringComparison.Ordinal);
        Assert.Contains("is attached as terminal T2", (await CommandRun.OfAsync(["rollback", run!, "--sqlite", other.Till.Path, .. central])).Error, StringComparison.Ordinal);
        Assert.Equal(20L, shop.Till.Scalar("SELECT count(*) FROM products"));
    }
}
