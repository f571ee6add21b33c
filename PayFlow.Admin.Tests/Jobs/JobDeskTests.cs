using PayFlow.Admin.Jobs;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class JobDeskTests
{
    [Fact]
    public async Task A_sync_that_is_asked_for_runs_and_says_what_it_did()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 40);

        var submitted = await shop.Host.Jobs.SubmitAsync(JobRequest.Sync(SyncDirection.Pull, ["T1"]), "ann");
        var waiting = Assert.Single(submitted.Jobs);
        Assert.Equal((JobState.Waiting, 1), (waiting.State, submitted.Made));
        var done = await shop.Host.UntilAsync(waiting.Id, j => j.IsFinished);

        Assert.Equal(JobState.Succeeded, done.State);
        Assert.Equal(40, await shop.SalesAsync());
        Assert.Contains("\"moved\": 40", done.Result, StringComparison.Ordinal);
        var run = Assert.Single(done.RunIds);
        Assert.Equal("manual", await shop.Fixture.Database.ScalarAsync<string>($"SELECT sync_type FROM payflow.sync_log WHERE id = '{run}'"));
        Assert.Equal("ann", await shop.Fixture.Database.ScalarAsync<string>($"SELECT actor FROM payflow.audit WHERE action = 'job.sync' AND key = '{done.Id}'"));
    }
}
