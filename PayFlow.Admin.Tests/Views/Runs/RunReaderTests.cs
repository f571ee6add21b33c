using PayFlow.Admin.Data;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Runs;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Runs;

public sealed class RunReaderTests
{
    [Fact]
    public async Task A_run_is_in_conflict_when_it_found_one_and_not_when_an_old_one_is_still_open()
    {
        await using var dispute = await Dispute.CreateAsync();
        await ConsoleMigrator.MigrateAsync(dispute.Chain.Source);
        await dispute.OverAnnAsync();
        await dispute.One.SyncAsync();
        dispute.One.Execute($"UPDATE customers SET phone = '9' WHERE id = '{Dispute.Bob}'");
        await dispute.One.SyncAsync();
        var reader = new RunReader(dispute.Chain.Source);

        var all = (await reader.ListAsync(new RunFilter { Terminal = "T1", IncludesIdle = true }, new PageRequest(1), CancellationToken.None)).Items;
        var found = Assert.Single((await reader.ListAsync(new RunFilter { Terminal = "T1", Status = "CONFLICT" }, new PageRequest(1), CancellationToken.None)).Items);

        Assert.Equal(["SYNCED", "SYNCED", "CONFLICT"], all.Take(3).Select(r => r.Status));
        Assert.Equal(all[2].Id, found.Id);
        Assert.Equal(all.Count - 1, (await reader.ListAsync(new RunFilter { Terminal = "T1", Status = "SYNCED", IncludesIdle = true }, new PageRequest(1), CancellationToken.None)).Total);
        Assert.Empty((await reader.ListAsync(new RunFilter { Terminal = "T1", Status = "FAILED" }, new PageRequest(1), CancellationToken.None)).Items);
        Assert.DoesNotContain((await reader.ListAsync(new RunFilter { Terminal = "T1" }, new PageRequest(1), CancellationToken.None)).Items, r => r.Id == all[1].Id);
        Assert.Equal("SYNCED", (await new RunDetailReader(dispute.Chain.Source).FindAsync(all[0].Id, CancellationToken.None))!.Run.Status);
    }
}
