using PayFlow.Admin.Jobs;
using PayFlow.Sync.Engine.Tables;
using Xunit;
using Xunit.Abstractions;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class TakeoverTests(ITestOutputHelper output)
{
    private const int Sales = 10_000;

    [Fact]
    public async Task A_host_that_is_killed_in_the_middle_of_a_sync_is_replaced_by_another_and_no_row_is_lost_or_doubled()
    {
        await using var shop = await JobCase.CreateAsync(hasHost: false);
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, Sales);
        using var one = Start(shop);
        using var other = Start(shop);
        await using var host = await JobsHost.CreateAsync(shop.Fixture.Database.ConnectionString);
        var desk = host.Jobs;
        await Until.TrueAsync(async () => await shop.Fixture.Database.ScalarAsync<bool>("SELECT to_regclass('quartz.qrtz_scheduler_state') IS NOT NULL") && await shop.Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_scheduler_state") == 2, () => one.Output);
        var id = (await desk.SubmitAsync(JobRequest.Sync(SyncDirection.Pull), "ann")).Jobs[0].Id;
        // Some batches are in central, others are not.
        await Until.TrueAsync(async () => await shop.SalesAsync() > 0, () => one.Output + other.Output);
        var running = (await desk.ShowAsync(id))!;
        Assert.Equal(JobState.Running, running.State);

        var (killed, left) = one.IsCalled(running.Host) ? (one, other) : (other, one);
        killed.Kill();
        var begun = TimeProvider.System.GetTimestamp();
        Assert.InRange(await shop.SalesAsync(), 1, Sales - 1);
        await Until.TrueAsync(async () => (await desk.ShowAsync(id)) is { State: JobState.Running } now && now.Host != running.Host, () => left.Output);
        var took = TimeProvider.System.GetElapsedTime(begun);
        output.WriteLine($"taken over after {took.TotalSeconds:0.0} s");
        Assert.True(took < TimeSpan.FromSeconds(30), $"It took {took.TotalSeconds:0.0} s.");
        await Until.TrueAsync(async () => (await desk.ShowAsync(id))!.IsFinished, () => left.Output);

        var done = (await desk.ShowAsync(id))!;
        Assert.Equal((JobState.Succeeded, 1), (done.State, done.Attempt));
        Assert.Equal("The host ended during the run.", Assert.Single(done.History).Error);
        Assert.Equal(Sales, await shop.SalesAsync());
        Assert.Equal(Sales, await shop.Fixture.Database.ScalarAsync<long>("SELECT count(DISTINCT number) FROM sales"));
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM sync_queue WHERE status <> 'SYNCED'"));
    }

    [Fact]
    public async Task A_host_that_stops_in_order_hands_its_job_over_at_a_batch_border()
    {
        await using var shop = await JobCase.CreateAsync(hasHost: false);
        JobCase.Sell(await shop.TillAsync("T1"), Sales);
        using var one = Start(shop);
        await using var host = await JobsHost.CreateAsync(shop.Fixture.Database.ConnectionString);
        var desk = host.Jobs;
        await Until.TrueAsync(async () => await shop.Fixture.Database.ScalarAsync<bool>("SELECT to_regclass('quartz.qrtz_scheduler_state') IS NOT NULL") && await shop.Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_scheduler_state") == 1, () => one.Output);
        var id = (await desk.SubmitAsync(JobRequest.Sync(SyncDirection.Pull), "ann")).Jobs[0].Id;
        await Until.TrueAsync(async () => await shop.SalesAsync() > 0, () => one.Output);

        await one.StopAsync();

        var waiting = (await desk.ShowAsync(id))!;
        Assert.Equal((JobState.Waiting, 0), (waiting.State, waiting.Attempt));
        Assert.Empty(waiting.History);
        using var other = Start(shop);
        await Until.TrueAsync(async () => (await desk.ShowAsync(id))!.IsFinished, () => other.Output);
        Assert.Equal(JobState.Succeeded, (await desk.ShowAsync(id))!.State);
        Assert.Equal(Sales, await shop.SalesAsync());
    }

    // Small batches: long enough to be met in the middle.
    private static ServedHost Start(JobCase shop) => ServedHost.Start(shop.Fixture.Database.ConnectionString, ("SYNC_BATCH_SIZE", "100"));
}
