using PayFlow.Admin.Jobs;
using PayFlow.Admin.Tests.Engine.Integrity;
using PayFlow.Admin.Tests.Jobs;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Overview;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Integrity.Repairs;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Overview;

public sealed class OverviewReaderTests
{
    [Fact]
    public async Task A_terminal_that_was_proven_to_differ_is_called_different_everywhere_until_it_is_repaired()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 3);
        await shop.DoneAsync(JobRequest.Sync());
        await shop.Fixture.BehindCaptureAsync("DELETE FROM sales WHERE number = 'T1-S-1'; UPDATE sales SET total = 99 WHERE number = 'T1-S-2'");
        Assert.Equal(("", "ONLINE", "ONLINE"), await SeenAsync(shop));

        await shop.DoneAsync(JobRequest.Verify(["T1"]));
        Assert.Equal(("T1 2", "DIFFERENT", "DIFFERENT"), await SeenAsync(shop));

        // Nothing was written: it differs as before.
        await shop.DoneAsync(JobRequest.Repair("T1", RepairSource.Terminal, ["sales"], isDryRun: true));
        Assert.Equal(("T1 2", "DIFFERENT", "DIFFERENT"), await SeenAsync(shop));

        await shop.DoneAsync(JobRequest.Repair("T1", RepairSource.Terminal, ["sales"], limit: 2, isConfirmed: true, reason: "a restored table"));
        Assert.Equal(("", "ONLINE", "ONLINE"), await SeenAsync(shop));
    }

    [Fact]
    public async Task A_rollback_that_leaves_rows_apart_makes_its_terminal_different_until_a_comparison_says_otherwise()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 3);
        var sync = await shop.DoneAsync(JobRequest.Sync());

        await shop.DoneAsync(JobRequest.Rollback(sync.RunIds[0].ToString(), reason: "not meant to be"));
        Assert.Equal(("T1 3", "DIFFERENT", "DIFFERENT"), await SeenAsync(shop));

        till.Execute("DELETE FROM sales");
        await shop.DoneAsync(JobRequest.Sync());
        await shop.DoneAsync(JobRequest.Verify(["T1"]));
        Assert.Equal("", (await SeenAsync(shop)).Overview);
    }

    private static async Task<(string Overview, string InList, string OnPage)> SeenAsync(JobCase shop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var state = await new OverviewReader(shop.Fixture.Source).ReadAsync(now.AddHours(-1), now, TimeSpan.FromMinutes(2), CancellationToken.None);
        var terminals = new TerminalReader(shop.Fixture.Source, new SyncExpectations(shop.Fixture.Source), TimeProvider.System);
        var listed = Assert.Single((await terminals.ListAsync(new TerminalFilter(), new PageRequest(1), CancellationToken.None)).Items);
        var found = await terminals.FindAsync("T1", CancellationToken.None);
        Assert.Equal(state.Different, new[] { listed.Different }.OfType<ProvenDifference>());
        return (string.Join(", ", state.Different.Select(d => $"{d.Terminal} {d.Rows}")), listed.Standing.Status, found!.Standing.Status);
    }
}
