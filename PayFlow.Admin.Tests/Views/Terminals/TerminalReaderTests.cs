using PayFlow.Admin.Data;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Runs;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Terminals;

public sealed class TerminalReaderTests
{
    private static readonly TableMapEntry[] Map = [new() { Name = "products" }, new() { Name = "customers" }, new() { Name = "orders", Direction = SyncDirection.Pull }];

    [Fact]
    public async Task The_list_says_what_waits_on_either_side_and_filters_by_text_and_status()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Shop.Local, new Dictionary<string, string> { ["store_id"] = "S1" });
        await chain.TillAsync("T2", Shop.Local);
        await till.SyncAsync();
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET price = 9 WHERE id IN ('p1', 'p2'); UPDATE products SET price = 10 WHERE id = 'p1'");
        var reader = Reader(chain);

        var all = await reader.ListAsync(new TerminalFilter(), new PageRequest(1), CancellationToken.None);

        Assert.Equal(2, all.Total);
        Assert.Equal(2, all.Items.Single(t => t.Id == "T1").LagRows);
        Assert.NotNull(all.Items.Single(t => t.Id == "T1").LagSince);
        Assert.Equal("T1", Assert.Single((await reader.ListAsync(new TerminalFilter { Text = "store_id=s1" }, new PageRequest(1), CancellationToken.None)).Items).Id);
        Assert.Empty((await reader.ListAsync(new TerminalFilter { Status = "DETACHED" }, new PageRequest(1), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_schedule_of_the_terminal_makes_it_late_and_a_resting_one_does_not()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE payflow.sync_log SET started_at = started_at - interval '10 minutes'");
        await chain.Database.ExecuteAsync("""
            INSERT INTO console.schedules (name, cron, zone, direction, overlap, attempts, first_delay, longest_delay, created_by, updated_by)
            VALUES ('every minute', '* * * * *', 'Etc/UTC', 'both', 'skip', 1, interval '1 s', interval '1 s', 'test', 'test')
            """);

        Assert.Equal("STALLED", (await Reader(chain).FindAsync("T1", CancellationToken.None))!.Standing.Status);
        await chain.Database.ExecuteAsync("UPDATE console.schedules SET paused_at = now()");
        Assert.NotEqual("STALLED", (await Reader(chain).FindAsync("T1", CancellationToken.None))!.Standing.Status);
        await chain.Database.ExecuteAsync("UPDATE console.schedules SET paused_at = NULL, terminals = '{T9}'");
        Assert.NotEqual("STALLED", (await Reader(chain).FindAsync("T1", CancellationToken.None))!.Standing.Status);
    }

    [Fact]
    public async Task A_terminal_whose_file_is_out_of_reach_is_shown_as_central_knows_it()
    {
        await using var chain = await ChainAsync();
        await chain.TillAsync("T1", Shop.Local);
        await chain.Database.ExecuteAsync("UPDATE payflow.terminals SET file_path = '/nowhere/till.db'");

        var detail = await Detail(chain).FindAsync("T1", CancellationToken.None);

        Assert.Contains("/nowhere/till.db", detail!.FileProblem!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(detail.FileProblem.Hint!);
        Assert.Null(await Detail(chain).FindAsync("T7", CancellationToken.None));
    }

    [Fact]
    public async Task A_terminals_page_has_its_file_its_checkpoints_and_its_runs()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute("INSERT INTO orders (number) VALUES ('new')");

        var detail = (await Detail(chain).FindAsync("T1", CancellationToken.None))!;

        Assert.Null(detail.FileProblem);
        Assert.Equal(1, detail.File!.Open);
        Assert.Equal(1, detail.Checkpoints.Single(c => c.Table == "orders").Rows);
        Assert.NotEmpty(detail.Runs);
    }

    private static async Task<SyncFixture> ChainAsync()
    {
        var chain = await SyncFixture.CreateAsync(Shop.Central, Map);
        await ConsoleMigrator.MigrateAsync(chain.Source);
        await Shop.ProductsAsync(chain, 5);
        return chain;
    }

    private static TerminalReader Reader(SyncFixture chain) => new(chain.Source, new SyncExpectations(chain.Source), TimeProvider.System);

    private static TerminalDetailReader Detail(SyncFixture chain) => new(chain.Source, Reader(chain), new RunReader(chain.Source), new DeviceReader(chain.Source));
}
