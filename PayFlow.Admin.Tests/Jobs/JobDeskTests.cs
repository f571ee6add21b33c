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

    [Fact]
    public async Task All_active_terminals_get_a_job_each_and_a_second_click_makes_none()
    {
        await using var shop = await JobCase.CreateAsync();
        JobCase.Sell(await shop.TillAsync("T1"), 3);
        JobCase.Sell(await shop.TillAsync("T2"), 4);
        await shop.TillAsync("T3");
        await shop.Fixture.Database.ExecuteAsync("UPDATE payflow.terminals SET state = 'detached' WHERE id = 'T3'");

        var clicks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.Host.Jobs.SubmitAsync(JobRequest.Sync(), "ann")));

        var made = clicks.Sum(c => c.Made);
        Assert.All(clicks, c => Assert.Equal(["T1", "T2"], c.Jobs.Select(j => j.Terminal)));
        await Until.TrueAsync(async () => await shop.SalesAsync() == 7);
        var all = await shop.Host.Jobs.ListAsync(new JobFilter(), 1, 50);
        Assert.Equal(made, all.Total);
        // Those that began between two clicks were asked for anew; never more than one waits.
        Assert.InRange(made, 2, 10);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_when_it_is_handed_in()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.TillAsync("T1");
        var jobs = shop.Host.Jobs;

        foreach (var (request, reason) in new (JobRequest, string)[]
        {
            (JobRequest.Sync(terminals: ["T9"]), "Central does not know a terminal T9"),
            (JobRequest.Sync(tables: ["nothing"]), "There is no synced table nothing"),
            (JobRequest.Rollback("0000"), "There is no run 0000"),
            (new JobRequest { Kind = JobKind.Repair, Terminals = ["T1"] }, "It was not said which side is to be believed"),
            (new JobRequest { Kind = JobKind.Resolve }, "It was not said how the conflicts are to be decided"),
        })
        {
            var refused = await Assert.ThrowsAsync<SyncException>(() => jobs.SubmitAsync(request, "ann"));
            Assert.Equal((SyncErrorCode.InvalidConfiguration, reason), (refused.Code, refused.Message));
            Assert.NotNull(refused.Hint);
        }
        Assert.Equal(0, (await jobs.ListAsync(new JobFilter(), 1, 10)).Total);
    }

    [Fact]
    public async Task A_failure_is_tried_again_with_a_growing_pause_and_ends_as_failed_until_it_is_requeued()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 5);
        var away = till.File.Path + ".away";
        File.Move(till.File.Path, away);

        var request = JobRequest.Sync() with { Retry = new JobRetry { Attempts = 3, FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(2) } };
        var id = (await shop.Host.Jobs.SubmitAsync(request, "ann")).Jobs[0].Id;
        var retrying = await shop.Host.UntilAsync(id, j => j.State == JobState.Retrying);
        Assert.True(retrying.DueAt > retrying.AttemptAt);
        Assert.Contains(till.File.Path, retrying.Error, StringComparison.Ordinal);
        var failed = await shop.Host.UntilAsync(id, j => j.State == JobState.Failed);

        Assert.Equal((3, 3), (failed.Attempt, failed.History.Count));
        Assert.Equal([1, 2, 3], failed.History.Select(h => h.Attempt));
        Assert.All(failed.History, h => Assert.NotNull(h.Host));
        Assert.NotNull(failed.Hint);
        Assert.True(failed.History[2].At - failed.History[1].At > failed.History[1].At - failed.History[0].At);

        File.Move(away, till.File.Path);
        var requeued = await shop.Host.Jobs.RequeueAsync([id, 999], "bob");
        Assert.Equal([id], requeued.Done);
        Assert.Equal("There is no job 999 any more.", requeued.Refused[999]);
        var done = await shop.Host.UntilAsync(id, j => j.IsFinished);
        Assert.Equal((JobState.Succeeded, 1), (done.State, done.Attempt));
        Assert.Equal(5, await shop.SalesAsync());
        Assert.Equal([id], (await shop.Host.Jobs.DeleteAsync([id], "bob", "done")).Done);
        Assert.Null(await shop.Host.Jobs.ShowAsync(id));
        Assert.Equal(["job.sync", "job.requeue", "job.delete"], await shop.Fixture.TextsAsync("SELECT action FROM payflow.audit WHERE key IS NOT NULL AND action LIKE 'job.%' ORDER BY id"));
    }

    [Fact]
    public async Task A_job_that_waits_for_its_next_attempt_begins_at_once_when_somebody_says_so()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        var away = till.File.Path + ".away";
        File.Move(till.File.Path, away);
        var request = JobRequest.Sync() with { Retry = new JobRetry { FirstDelay = TimeSpan.FromHours(1), LongestDelay = TimeSpan.FromHours(1) } };
        var id = (await shop.Host.Jobs.SubmitAsync(request, "ann")).Jobs[0].Id;
        await shop.Host.UntilAsync(id, j => j.State == JobState.Retrying);
        File.Move(away, till.File.Path);

        Assert.Equal([id], (await shop.Host.Jobs.RetryNowAsync([id], "bob")).Done);

        var done = await shop.Host.UntilAsync(id, j => j.IsFinished);
        Assert.Equal((JobState.Succeeded, 2), (done.State, done.Attempt));
    }

    [Fact]
    public async Task A_job_for_later_waits_for_its_time_and_can_be_cancelled_before()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.TillAsync("T1");
        var (soon, late) = (TimeProvider.System.GetUtcNow().AddSeconds(2), TimeProvider.System.GetUtcNow().AddHours(2));

        var first = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync() with { At = soon }, "ann")).Jobs[0];
        var second = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync() with { At = late }, "ann")).Jobs[0];
        Assert.Equal((JobState.Scheduled, JobState.Scheduled), (first.State, second.State));
        Assert.Equal([second.Id], (await shop.Host.Jobs.CancelAsync([second.Id], "bob", "not needed")).Done);

        var done = await shop.Host.UntilAsync(first.Id, j => j.IsFinished);
        Assert.True(done.StartedAt >= soon.AddMilliseconds(-1));
        Assert.Equal(JobState.Cancelled, (await shop.Host.Jobs.ShowAsync(second.Id))!.State);
        Assert.Equal("Job " + second.Id + " is cancelled, and only one that is scheduled, waiting, retrying or running can be taken.", (await shop.Host.Jobs.CancelAsync([second.Id], "bob")).Refused[second.Id]);
    }

    [Fact]
    public async Task A_running_job_shows_its_progress_and_is_cancelled_from_another_host()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 60_000);
        // A lock on the table holds the run in the middle.
        await using var blocker = await shop.Fixture.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var block = new Npgsql.NpgsqlCommand("LOCK TABLE sales IN SHARE MODE", blocker))
            await block.ExecuteNonQueryAsync();
        var id = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync(), "ann")).Jobs[0].Id;
        var running = await shop.Host.UntilAsync(id, j => j.State == JobState.Running && j.RunIds.Count == 1);
        Assert.NotNull(running.Host);
        var other = await shop.AddHostAsync();

        Assert.Equal([id], (await other.Jobs.CancelAsync([id], "bob")).Done);

        var ended = await shop.Host.UntilAsync(id, j => j.IsFinished);
        Assert.Equal((JobState.Cancelled, "Cancelled by bob"), (ended.State, ended.Error));
        Assert.Equal("CANCELLED", await shop.Fixture.Database.ScalarAsync<string>($"SELECT status FROM payflow.sync_log WHERE id = '{ended.RunIds[0]}'"));
    }

    [Fact]
    public async Task Two_jobs_of_a_terminal_wait_for_each_other_without_using_up_attempts()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 2_000);

        var sync = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync(SyncDirection.Pull), "ann")).Jobs[0].Id;
        var both = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync(SyncDirection.Both), "ann")).Jobs[0].Id;

        Assert.NotEqual(sync, both);
        foreach (var id in new[] { sync, both })
        {
            var done = await shop.Host.UntilAsync(id, j => j.IsFinished);
            Assert.Equal((JobState.Succeeded, 1), (done.State, done.Attempt));
            Assert.Empty(done.History);
        }
        Assert.Equal(2_000, await shop.SalesAsync());
    }

    [Fact]
    public async Task The_other_kinds_of_work_are_jobs_too()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 6);
        var jobs = shop.Host.Jobs;
        var sync = await shop.Host.UntilAsync((await jobs.SubmitAsync(JobRequest.Sync(), "ann")).Jobs[0].Id, j => j.IsFinished);

        var verify = await shop.Host.UntilAsync((await jobs.SubmitAsync(JobRequest.Verify(["T1"]), "ann")).Jobs[0].Id, j => j.IsFinished);
        Assert.Equal(JobState.Succeeded, verify.State);

        var rollback = await shop.Host.UntilAsync((await jobs.SubmitAsync(JobRequest.Rollback(sync.RunIds[0].ToString()), "ann")).Jobs[0].Id, j => j.IsFinished);
        Assert.Equal((JobState.Succeeded, "T1"), (rollback.State, rollback.Terminal));
        Assert.Equal(0, await shop.SalesAsync());

        var preview = await shop.Host.UntilAsync((await jobs.SubmitAsync(JobRequest.Repair("T1", PayFlow.Sync.Engine.Integrity.Repairs.RepairSource.Terminal, isDryRun: true), "ann")).Jobs[0].Id, j => j.IsFinished);
        Assert.Equal(JobState.Succeeded, preview.State);
        Assert.Equal(0, await shop.SalesAsync());
        var repair = await shop.Host.UntilAsync((await jobs.SubmitAsync(JobRequest.Repair("T1", PayFlow.Sync.Engine.Integrity.Repairs.RepairSource.Terminal, isConfirmed: true), "ann")).Jobs[0].Id, j => j.IsFinished);
        Assert.Equal(JobState.Succeeded, repair.State);
        Assert.Equal(6, await shop.SalesAsync());

        var choice = PayFlow.Sync.Engine.Central.Conflicts.ConflictChoice.Of(PayFlow.Sync.Engine.Central.Conflicts.ConflictSide.Central);
        var resolve = await shop.Host.UntilAsync((await jobs.SubmitAsync(JobRequest.Resolve(new() { Terminal = "T1" }, choice, "all of them"), "ann")).Jobs[0].Id, j => j.IsFinished);
        Assert.Equal(JobState.Succeeded, resolve.State);
        Assert.Contains("\"resolved\": 0", resolve.Result, StringComparison.Ordinal);
    }
}
