using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

/// <summary>Each wrong input: one line that names it, a hint, the right exit code, and nothing changed.</summary>
public sealed class BadInputTests
{
    private const string NoCentral = "Host=127.0.0.1;Port=1;Username=x";

    [Theory]
    [InlineData("frobnicate", "There is no verb 'frobnicate'")]
    [InlineData("sync --direction sideways", "'sideways' is no direction")]
    [InlineData("sync --batch 5", "--batch")]
    [InlineData("provision --from nowhere", "'nowhere' is no side")]
    [InlineData("provision", "--from")]
    [InlineData("sync", "No till was named")]
    [InlineData("attach --attribute store --sqlite x.db", "--attribute store is not of the form name=value")]
    [InlineData("attach --attribute store= --sqlite x.db", "--attribute store= has no value")]
    [InlineData("attach --attribute store=1 --attribute store=2 --sqlite x.db", "--attribute store was given twice")]
    [InlineData("SYNC_BATCH_SIZE=lots sync", "SYNC_BATCH_SIZE=lots")]
    [InlineData("SYNC_JOURNAL_DAYS=-1 sync", "SYNC_JOURNAL_DAYS=-1 is not a whole number from 1 to 3650")]
    [InlineData("SYNC_BATCH_SIZE=0 sync", "SYNC_BATCH_SIZE=0")]
    [InlineData("SYNC_BATCH_SIZE=100001 bootstrap", "from 1 to 100000")]
    [InlineData("SYNC_BATCH_SIZE=-5 serve", "SYNC_BATCH_SIZE=-5")]
    [InlineData("SYNC_MODE=sometimes serve", "SYNC_MODE=sometimes")]
    [InlineData("SYNC_CRON=hourly serve", "SYNC_CRON=\"hourly\" is not a schedule")]
    [InlineData("serve --urls here", "'here' is no address")]
    [InlineData("sync --sqlite x.db --map nowhere.json", "the table map nowhere.json does not exist")]
    public async Task A_wrong_command_line_ends_with_2(string line, string says)
    {
        var run = await CommandRun.OfAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        AssertOneLineAndHint(run, says);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var run = await CommandRun.OfAsync("sync", "--sqlite", "/nowhere/till.db", "--central", NoCentral);

        Assert.Equal(1, run.ExitCode);
        AssertOneLineAndHint(run, "/nowhere/till.db does not exist");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        using var file = new TerminalFile();
        await File.WriteAllTextAsync(file.Path, "no database, but long enough to be one");

        var run = await CommandRun.OfAsync("attach", "--sqlite", file.Path, "--central", NoCentral);

        Assert.Equal(1, run.ExitCode);
        AssertOneLineAndHint(run, "is not a SQLite database");
    }

    [Fact]
    public async Task A_read_only_file_is_named()
    {
        await using var shop = await Shop.OpenAsync();
        File.SetAttributes(shop.Till.Path, FileAttributes.ReadOnly);

        var run = await shop.RunAsync("attach");

        File.SetAttributes(shop.Till.Path, FileAttributes.Normal);
        Assert.Equal(1, run.ExitCode);
        AssertOneLineAndHint(run, "is read-only");
        await AssertUntouchedAsync(shop);
    }

    [Fact]
    public async Task A_locked_file_is_named()
    {
        await using var shop = await Shop.OpenAsync();
        using var pos = shop.Till.Open();
        using var transaction = pos.BeginTransaction(deferred: false);

        var run = await shop.RunAsync("attach", "--terminal", "T1");

        Assert.Equal(1, run.ExitCode);
        AssertOneLineAndHint(run, "is locked by another program");
        transaction.Rollback();
        await AssertUntouchedAsync(shop);
    }

    [Fact]
    public async Task A_central_that_is_down_is_named_without_the_password()
    {
        await using var shop = await Shop.OpenAsync();

        var run = await CommandRun.OfAsync("attach", "--sqlite", shop.Till.Path, "--central", "postgres://me:secret@127.0.0.1:1/chain");

        Assert.Equal(1, run.ExitCode);
        AssertOneLineAndHint(run, "PostgreSQL at 127.0.0.1:1/chain cannot be reached");
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        await AssertUntouchedAsync(shop);
    }

    [Fact]
    public async Task A_user_or_database_that_central_does_not_know_is_told()
    {
        await using var shop = await Shop.OpenAsync();
        var elsewhere = new NpgsqlConnectionStringBuilder(shop.Central.ConnectionString) { Database = "no_such_database" }.ConnectionString;
        var stranger = new NpgsqlConnectionStringBuilder(shop.Central.ConnectionString) { Username = "no_such_user", Password = "wrong" }.ConnectionString;

        AssertOneLineAndHint(await CommandRun.OfAsync("attach", "--sqlite", shop.Till.Path, "--central", elsewhere), "no_such_database");
        AssertOneLineAndHint(await CommandRun.OfAsync("attach", "--sqlite", shop.Till.Path, "--central", stranger), "refuses the sign-in");
        await AssertUntouchedAsync(shop);
    }

    [Theory]
    [InlineData("""{"tables":[{"name":"nowhere"}]}""", "nowhere")]
    [InlineData("""{"tables":[{"name":"products","exclude":["colour"]}]}""", "products.colour")]
    [InlineData("""{"tables":[{"name":"products","renames":{"stock_quantity":"no_such_column"}}]}""", "no_such_column")]
    [InlineData("""{"tables":[{"name":"products","renames":{"no_such_column":"master_stock_quantity"}}]}""", "products.no_such_column")]
    [InlineData("""{"tables":[{"name":"notes","centralName":"notes"}]}""", "notes")]
    [InlineData("""{"tables":[{"name":"products","direction":"up"}]}""", "line 1")]
    [InlineData("""{"tables":[{"name":"products","colour":"red"}]}""", "colour")]
    [InlineData("""no json""", "line 1")]
    public async Task A_wrong_table_map_is_told_with_table_and_column_and_is_not_saved(string map, string says)
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Central.ExecuteAsync("CREATE TABLE notes (text text)");

        var run = await shop.RunWithMapAsync("attach", map);

        Assert.Equal(2, run.ExitCode);
        AssertOneLineAndHint(run, says);
        await AssertUntouchedAsync(shop);
    }

    [Fact]
    public async Task An_unknown_table_to_sync_is_told_with_those_that_are_known()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap);

        var run = await shop.RunAsync("sync", "--tables", "orders,no_such_table");

        Assert.Equal(2, run.ExitCode);
        AssertOneLineAndHint(run, "no_such_table");
        Assert.Contains("products", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_never_attached_or_under_another_id_is_told()
    {
        await using var shop = await Shop.OpenAsync();

        var strange = await shop.RunAsync("sync");
        Assert.Equal(2, strange.ExitCode);
        AssertOneLineAndHint(strange, "is not attached");

        await shop.RunAsync("attach", "--terminal", "T1");
        var other = await shop.RunAsync("sync", "--terminal", "T2");
        Assert.Equal(2, other.ExitCode);
        AssertOneLineAndHint(other, "is attached as terminal T1, not T2");
    }

    [Fact]
    public async Task An_error_with_json_is_one_document_too()
    {
        var run = await CommandRun.OfAsync("sync", "--sqlite", "/nowhere/till.db", "--json");

        Assert.False(run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal("TerminalUnavailable", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.NotNull(run.Json.GetProperty("error").GetProperty("hint").GetString());
    }

    [Fact]
    public async Task Only_verbose_shows_the_stack()
    {
        var run = await CommandRun.OfAsync("sync", "--sqlite", "/nowhere/till.db", "--verbose");

        Assert.Contains("   at PayFlow", run.Error, StringComparison.Ordinal);
    }

    private static void AssertOneLineAndHint(CommandRun run, string says)
    {
        Assert.True(run.Lines.Length == 2, run.Error);
        Assert.StartsWith("payflow: ", run.Lines[0], StringComparison.Ordinal);
        Assert.Contains(says, run.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: ", run.Lines[1], StringComparison.Ordinal);
    }

    private static async Task AssertUntouchedAsync(Shop shop)
    {
        Assert.Equal(["notes", "orders", "products"], shop.Till.Rows("SELECT name FROM sqlite_schema WHERE type IN ('table', 'trigger') AND name NOT LIKE 'sqlite%' ORDER BY name").Select(r => r[0]));
        if (await shop.Central.ScalarAsync<bool>("SELECT to_regclass('payflow.table_map') IS NOT NULL"))
            Assert.Equal(0L, await shop.Central.ScalarAsync<long>("SELECT (SELECT count(*) FROM payflow.table_map) + (SELECT count(*) FROM payflow.terminals WHERE state = 'active')"));
    }
}
