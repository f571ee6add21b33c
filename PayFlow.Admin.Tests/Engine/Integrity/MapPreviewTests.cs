using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>What another map is foretold to do is what the next run does.</summary>
public sealed class MapPreviewTests
{
    private static readonly TableMapEntry Products = new() { Name = "products", Direction = SyncDirection.Push };
    private static readonly TableMapEntry Customers = new() { Name = "customers" };

    [Fact]
    public async Task The_map_as_it_is_changes_nothing()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products, Customers);
        var till = await ShopAsync(chain);

        var effect = await PreviewAsync(chain, till, Products, Customers);

        Assert.Empty(effect.Problems);
        Assert.Empty(effect.Tables);
    }

    [Fact]
    public async Task Tables_begin_and_stop()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        var till = await ShopAsync(chain);
        till.BehindCapture("INSERT INTO customers VALUES ('00000000-0000-0000-0000-00000000000b', 'Bob', '2')");

        var effect = await PreviewAsync(chain, till, Customers);

        var begins = effect.Tables.Single(t => t.Table == "customers");
        Assert.Equal((MapChange.Begins, 1L, 1L, true), (begins.Change, begins.RowsDown, begins.RowsUp, begins.NeedsBootstrap));
        Assert.Equal(MapChange.Stops, effect.Tables.Single(t => t.Table == "products").Change);
    }

    [Fact]
    public async Task Another_filter_reads_its_rows_again_and_the_next_run_does_just_that()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        var till = await ShopAsync(chain);
        var filtered = Products with { Filter = "stock = {terminal.stock}" };

        var effect = await PreviewAsync(chain, till, filtered);
        var table = Assert.Single(effect.Tables);
        Assert.Equal((MapChange.Rereads, 20L), (table.Change, table.RowsDown));
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 1 WHERE id IN ('p1', 'p2')");
        Assert.Equal(18, (await PreviewAsync(chain, till, filtered)).Tables.Single().RowsDown);

        await new TableMapStore(chain.Source).SaveAsync(new TableMap([filtered]));
        var report = await till.SyncAsync();
        Assert.Equal(18, report.Tables.Where(t => t is { Table: "products", Direction: SyncDirection.Push }).Sum(t => t.Read));
        Assert.Equal(18L, till.Scalar("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task Other_attributes_read_again_what_they_filter()
    {
        var filtered = Products with { Filter = "stock = {terminal.stock}" };
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, filtered);
        var till = await ShopAsync(chain);

        var effect = await new MapPreview(till.File.Path, chain.Source).ReadAsync(null, new Dictionary<string, string> { ["stock"] = "7" });

        Assert.Equal((MapChange.Rereads, 0L), (Assert.Single(effect.Tables).Change, effect.Tables[0].RowsDown));
    }

    [Fact]
    public async Task Each_problem_names_table_column_reason_and_remedy()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        var till = await ShopAsync(chain);

        var effect = await PreviewAsync(chain, till, Products with { Priority = 9, Exclude = ["colour"] }, new TableMapEntry { Name = "nowhere" });

        Assert.Equal(3, effect.Problems.Count);
        Assert.Contains(effect.Problems, p => p is { Table: "products", Column: "colour" } && p.Reason.Contains("exclude", StringComparison.Ordinal));
        Assert.All(effect.Problems, p => Assert.NotEmpty(p.Remedy));
    }

    [Theory]
    [InlineData("stock = 'many'", "refused by PostgreSQL")]
    [InlineData("stock = {terminal.colour}", "cannot be used")]
    public async Task A_filter_that_central_or_the_terminal_cannot_answer_is_a_problem(string filter, string reason)
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, Products);
        var till = await ShopAsync(chain);

        var problem = Assert.Single((await PreviewAsync(chain, till, Products with { Filter = filter })).Problems);

        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);

        // What tills elsewhere may write: of an attribute only they need to have it.
        var written = (await PreviewAsync(chain, till, Products with { Direction = SyncDirection.Both, WriteFilter = filter })).Problems;
        Assert.Equal(reason.StartsWith("refused", StringComparison.Ordinal) ? $"the writeFilter \"{filter}\" is {reason}" : null, written.SingleOrDefault()?.Reason.Split(':')[0]);
    }

    private static Task<MapEffect> PreviewAsync(SyncFixture chain, Till till, params TableMapEntry[] map) => new MapPreview(till.File.Path, chain.Source).ReadAsync(new TableMap(map));

    private static async Task<Till> ShopAsync(SyncFixture chain)
    {
        await Shop.ProductsAsync(chain, 20);
        await chain.Database.ExecuteAsync("INSERT INTO customers VALUES ('00000000-0000-0000-0000-00000000000a', 'Ann', '1')");
        var till = await chain.TillAsync("T1", Shop.Local, new Dictionary<string, string> { ["stock"] = "100" });
        await till.SyncAsync();
        return till;
    }
}
