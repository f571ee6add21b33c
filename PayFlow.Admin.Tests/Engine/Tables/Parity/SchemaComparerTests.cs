using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables.Parity;

public sealed class SchemaComparerTests
{
    [Fact]
    public async Task A_table_that_the_map_names_and_one_side_lacks_comes_with_the_SQL_that_makes_it()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE a (id TEXT PRIMARY KEY)", "CREATE TABLE b (id text PRIMARY KEY)");
        var map = new TableMap([new TableMapEntry { Name = "a" }, new TableMapEntry { Name = "b" }, new TableMapEntry { Name = "c" }]);

        var report = await given.CompareAsync(map);

        Assert.Equal(3, report.Count(FindingSeverity.Error));
        await given.Central.ExecuteAsync(report.Findings.Single(f => f.Table == "a").Remedy!);
        given.Terminal.Execute(report.Findings.Single(f => f.Table == "b").Remedy!);
        Assert.Equal("c", Assert.Single((await given.CompareAsync(map)).Findings, f => f.Severity == FindingSeverity.Error).Table);
        Assert.True((await given.CompareAsync()).IsUsable);
    }

    [Fact]
    public async Task A_column_that_one_side_lacks_comes_with_the_SQL_that_adds_it()
    {
        await using var given = await ProvisionCase.CreateAsync(
            "CREATE TABLE t (id TEXT PRIMARY KEY, here NUMERIC, kept TEXT, stock INTEGER, sync_status TEXT)",
            "CREATE TABLE t (id text PRIMARY KEY, there timestamptz, master_stock int, needed int NOT NULL)");
        var map = new TableMap([new TableMapEntry { Name = "t", Exclude = ["kept"], Renames = new Dictionary<string, string> { ["stock"] = "master_stock" } }]);

        var report = await given.CompareAsync(map);

        var here = report.Findings.Single(f => f.Column == "here");
        Assert.Equal((FindingSeverity.Error, DatabaseSide.Central), (here.Severity, here.Side));
        Assert.Equal("ALTER TABLE \"public\".\"t\" ADD COLUMN \"here\" numeric; Or exclude here in the map.", here.Remedy);
        var there = report.Findings.Single(f => f.Column == "there");
        Assert.Equal((FindingSeverity.Warning, "ALTER TABLE \"t\" ADD COLUMN \"there\" TEXT;"), (there.Severity, there.Remedy));
        Assert.Equal(FindingSeverity.Error, report.Findings.Single(f => f.Column == "needed").Severity);
        Assert.DoesNotContain(report.Findings, f => f.Column is "kept" or "stock" or "master_stock" or "sync_status");
    }

    [Theory]
    [InlineData("REAL", "numeric", FindingSeverity.Warning, "cannot hold more than 15 digits; declare TEXT")]
    [InlineData("NUMERIC", "numeric(20,4)", FindingSeverity.Warning, "declare TEXT")]
    [InlineData("REAL", "numeric(15,4)", null, "")]
    [InlineData("TEXT", "numeric", null, "")]
    [InlineData("TEXT", "integer", FindingSeverity.Warning, "texts that are no whole numbers")]
    [InlineData("INTEGER", "uuid", FindingSeverity.Error, "a number is no uuid")]
    [InlineData("BLOB", "integer", FindingSeverity.Error, "a blob is no number")]
    [InlineData("INTEGER", "text", FindingSeverity.Warning, "'007' becomes 7")]
    [InlineData("DATETIME", "timestamptz", null, "")]
    [InlineData("INTEGER", "timestamp", null, "")]
    [InlineData("TEXT", "bytea", FindingSeverity.Warning, "other than blobs")]
    [InlineData("INTEGER", "boolean", null, "")]
    [InlineData("", "jsonb", null, "")]
    public async Task Types_that_do_not_fit_are_named(string terminal, string central, FindingSeverity? severity, string reason)
    {
        await using var given = await ProvisionCase.CreateAsync($"CREATE TABLE t (id TEXT PRIMARY KEY, v {terminal})", $"CREATE TABLE t (id text PRIMARY KEY, v {central})");
        var finding = (await given.CompareAsync()).Findings.SingleOrDefault(f => f.Column == "v");
        Assert.Equal(severity, finding?.Severity);
        Assert.Contains(reason, finding?.Message ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_remedy_for_a_double_that_holds_money_keeps_the_values()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE t (id TEXT PRIMARY KEY, price REAL DEFAULT 0); INSERT INTO t VALUES ('a', 12.5)", "CREATE TABLE t (id text PRIMARY KEY, price numeric)");
        given.Terminal.Execute((await given.CompareAsync()).Findings.Single(f => f.Column == "price").Remedy!);
        Assert.Equal(["12.5", "text"], given.Terminal.Rows("SELECT price, typeof(price) FROM t")[0]);
        Assert.DoesNotContain((await given.CompareAsync()).Findings, f => f.Column == "price");
    }

    [Fact]
    public async Task NOT_NULL_on_one_side_only_is_named()
    {
        await using var given = await ProvisionCase.CreateAsync(
            "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT, b TEXT NOT NULL, c TEXT)", "CREATE TABLE t (id text PRIMARY KEY, a text NOT NULL, b text, c text NOT NULL DEFAULT '')");
        var report = await given.CompareAsync();
        Assert.StartsWith("ALTER TABLE \"public\".\"t\" ALTER COLUMN \"a\" DROP NOT NULL", report.Findings.Single(f => f.Column == "a").Remedy, StringComparison.Ordinal);
        Assert.Equal("ALTER TABLE \"public\".\"t\" ALTER COLUMN \"b\" SET NOT NULL;", report.Findings.Single(f => f.Column == "b").Remedy);
        Assert.DoesNotContain(report.Findings, f => f.Column is "c" or "id");
    }

    [Fact]
    public async Task Missing_and_differing_keys_are_errors_with_a_remedy()
    {
        await using var given = await ProvisionCase.CreateAsync(
            "CREATE TABLE a (x TEXT NOT NULL); CREATE TABLE b (x TEXT PRIMARY KEY); CREATE TABLE c (x TEXT PRIMARY KEY, y TEXT);",
            "CREATE TABLE a (x text PRIMARY KEY); CREATE TABLE b (x text); CREATE TABLE c (x text, y text PRIMARY KEY);");

        var errors = (await given.CompareAsync()).Findings.Where(f => f.Severity == FindingSeverity.Error).ToDictionary(f => f.Table);

        Assert.Equal(["a", "b", "c"], errors.Keys.Order());
        given.Terminal.Execute(errors["a"].Remedy!);
        await given.Central.ExecuteAsync(errors["b"].Remedy!);
        Assert.Equal("the terminal's key is (x), central's is (y)", errors["c"].Message);
        Assert.Equal("c", Assert.Single((await given.CompareAsync()).Findings, f => f.Severity == FindingSeverity.Error).Table);
    }

    [Fact]
    public async Task Numbers_that_several_tills_hand_out_are_warned_of_unless_the_table_only_comes_down()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE t (id bigint PRIMARY KEY)");
        Assert.Contains("sqlite_sequence", Assert.Single((await given.CompareAsync()).Findings, f => f.Severity == FindingSeverity.Warning).Remedy, StringComparison.Ordinal);
        var push = new TableMap([new TableMapEntry { Name = "t", Direction = SyncDirection.Push }]);
        Assert.DoesNotContain((await given.CompareAsync(push)).Findings, f => f.Severity == FindingSeverity.Warning);
    }

    [Fact]
    public async Task A_missing_timestamp_column_matters_only_where_the_map_needs_it()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE t (id TEXT PRIMARY KEY)", "CREATE TABLE t (id text PRIMARY KEY)");
        Assert.All((await given.CompareAsync()).Findings, f => Assert.Equal(FindingSeverity.Info, f.Severity));
        var map = new TableMap([new TableMapEntry { Name = "t", Conflicts = ConflictPolicy.LastWriterWins }]);
        Assert.Equal(2, (await given.CompareAsync(map)).Count(FindingSeverity.Warning));
    }
}
