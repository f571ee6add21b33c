using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class ScheduleDeskTests
{
    private static readonly ScheduleDraft EverySecond = new() { Name = "busy", Cron = "* * * * * ?" };

    [Fact]
    public async Task A_schedule_fires_and_its_jobs_carry_its_name()
    {
        await using var shop = await JobCase.CreateAsync();
        JobCase.Sell(await shop.TillAsync("T1"), 3);

        var schedule = await shop.Host.Schedules.CreateAsync(EverySecond, "ann");
        await Until.TrueAsync(async () => await shop.SalesAsync() == 3);

        var job = (await shop.Host.Jobs.ListAsync(new JobFilter { Schedule = schedule.Id, Sort = JobSort.Oldest }, 1, 1)).Jobs[0];
        Assert.Equal((JobOrigin.Schedule, "busy", "busy"), (job.Origin, job.ScheduleName, job.Actor));
        var done = await shop.Host.UntilAsync(job.Id, j => j.IsFinished);
        Assert.Equal("schedule", await shop.Fixture.Database.ScalarAsync<string>($"SELECT sync_type FROM payflow.sync_log WHERE id = '{done.RunIds[0]}'"));
        var shown = Assert.Single(await shop.Host.Schedules.ListAsync());
        Assert.NotNull(shown.FiredAt);
        Assert.True(shown.NextAt > shown.FiredAt);
        Assert.Equal(JobState.Succeeded, shown.LastState);
    }

    [Fact]
    public async Task Each_time_is_fired_once_by_two_hosts()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.AddHostAsync();
        await shop.TillAsync("T1");
        await shop.TillAsync("T2");
        // Queued: otherwise a time may be left out, because the job of the one before is not done.
        var schedule = await shop.Host.Schedules.CreateAsync(EverySecond with { Overlap = OverlapRule.Queue }, "ann");

        await Until.TrueAsync(async () => await shop.Fixture.Database.ScalarAsync<long>("SELECT count(DISTINCT fire_time) FROM console.jobs") >= 10);
        await shop.Host.Schedules.PauseAsync(schedule.Id, "seen enough", "ann");

        Assert.Equal(0, await shop.Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM (SELECT 1 FROM console.jobs GROUP BY terminal_id, date_trunc('second', fire_time) HAVING count(*) > 1) d"));
        await Until.TrueAsync(async () => (await shop.Host.Board.CountAsync()) is { Waiting: 0, Running: 0 });
        Assert.Equal(0, (await shop.Host.Board.CountAsync()).Failed);
        Assert.Equal(2, await shop.Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_scheduler_state"));
    }

    [Fact]
    public async Task A_change_on_one_host_takes_effect_on_the_other()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.TillAsync("T1");
        var other = await shop.AddHostAsync();
        var schedule = await shop.Host.Schedules.CreateAsync(EverySecond with { Cron = "0 0 1 1 *" }, "ann");

        var changed = await other.Schedules.UpdateAsync(schedule.Id, schedule.Version, EverySecond with { Direction = SyncDirection.Pull }, "bob");
        await Until.TrueAsync(async () => (await shop.Host.Jobs.ListAsync(new JobFilter { Schedule = schedule.Id }, 1, 1)).Total >= 2);
        await other.Schedules.PauseAsync(schedule.Id, "the line is down", "bob");
        var paused = (await shop.Host.Schedules.FindAsync(schedule.Id))!;
        Assert.Equal(("bob", "the line is down"), (paused.Pause!.By, paused.Pause.Reason));
        Assert.Null(paused.NextAt);

        // Nobody fires any more: the trigger is gone on all hosts.
        Assert.Equal(0, await shop.Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_group = 'schedules'"));
        var fired = paused.FiredAt;
        await shop.Host.Schedules.ResumeAsync(schedule.Id, "ann");
        await Until.TrueAsync(async () => (await other.Schedules.FindAsync(schedule.Id))!.FiredAt > fired);
        await other.Schedules.DeleteAsync(schedule.Id, "bob");
        Assert.Empty(await shop.Host.Schedules.ListAsync());
        Assert.Equal(2, changed.Version);
        Assert.Equal(["schedule.create", "schedule.edit", "schedule.pause", "schedule.resume", "schedule.delete"], await shop.Fixture.TextsAsync("SELECT action FROM payflow.audit WHERE action LIKE 'schedule.%' ORDER BY id"));
        Assert.Equal("0 0 1 1 *", await shop.Fixture.Database.ScalarAsync<string>("SELECT detail->'before'->>'cron' FROM payflow.audit WHERE action = 'schedule.edit'"));
    }

    [Fact]
    public async Task A_lost_update_is_refused()
    {
        await using var shop = await JobCase.CreateAsync();
        var seen = await shop.Host.Schedules.CreateAsync(EverySecond with { Cron = "0 3 * * *" }, "ann");
        await shop.Host.Schedules.UpdateAsync(seen.Id, seen.Version, seen.Draft with { Cron = "0 4 * * *" }, "bob");

        var refused = await Assert.ThrowsAsync<SyncException>(() => shop.Host.Schedules.UpdateAsync(seen.Id, seen.Version, seen.Draft with { Cron = "0 5 * * *" }, "ann"));

        Assert.Equal((SyncErrorCode.Moved, "Schedule busy was changed by bob meanwhile, and nothing was saved"), (refused.Code, refused.Message));
        Assert.Equal("0 4 * * *", (await shop.Host.Schedules.FindAsync(seen.Id))!.Draft.Cron);
    }

    [Theory]
    [InlineData("Skip", 1)]
    [InlineData("Queue", 2)]
    public async Task A_time_that_comes_while_the_job_of_the_one_before_runs(string rule, long most)
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 10);
        await using var blocker = await shop.Fixture.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var block = new Npgsql.NpgsqlCommand("LOCK TABLE sales IN SHARE MODE", blocker))
            await block.ExecuteNonQueryAsync();

        var schedule = await shop.Host.Schedules.CreateAsync(EverySecond with { Overlap = Enum.Parse<OverlapRule>(rule) }, "ann");
        await Until.TrueAsync(async () => (await shop.Host.Board.CountAsync()).Running == 1);
        var first = (await shop.Host.Schedules.FindAsync(schedule.Id))!.FiredAt!.Value;
        await Until.TrueAsync(async () => (await shop.Host.Schedules.FindAsync(schedule.Id)) is { FiredSkipped: 1 } now && now.FiredAt >= first.AddSeconds(3));

        Assert.Equal(most, (await shop.Host.Jobs.ListAsync(new JobFilter { Schedule = schedule.Id }, 1, 10)).Total);
        await transaction.RollbackAsync();
        await Until.TrueAsync(async () => await shop.SalesAsync() == 10);
    }

    [Fact]
    public async Task What_is_wrong_with_a_draft_is_said_field_by_field()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.Host.Schedules.CreateAsync(EverySecond with { Cron = "0 3 * * *" }, "ann");
        var draft = new ScheduleDraft
        {
            Name = "BUSY",
            Cron = "0 25 * * *",
            Zone = "Mars/Base",
            Terminals = ["T9"],
            Tables = ["nothing"],
            Retry = new JobRetry { Attempts = 0, FirstDelay = TimeSpan.FromHours(2), LongestDelay = TimeSpan.FromHours(1) },
        };

        var errors = await shop.Host.Schedules.CheckAsync(draft);

        Assert.Equal(["Attempts", "Cron", "LongestDelay", "Name", "Tables", "Terminals", "Zone"], errors.Select(e => e.Field).Order());
        Assert.Equal("This is no schedule: 25 is no hour: 0 to 23.", errors.Single(e => e.Field == "Cron").Message);
        await Assert.ThrowsAsync<SyncException>(() => shop.Host.Schedules.CreateAsync(draft, "ann"));
        Assert.Empty(await shop.Host.Schedules.CheckAsync(draft with { Name = "fine", Cron = "0 23 * * *", Zone = "Europe/Berlin", Terminals = null, Tables = ["sales"], Retry = new JobRetry() }));
    }

    [Fact]
    public async Task The_environment_makes_the_default_schedule_and_keeps_it_until_somebody_edits_it()
    {
        await using var shop = await JobCase.CreateAsync(hasHost: false);
        async Task<ScheduleRecord> StartAsync(params (string, string)[] variables)
        {
            var host = await shop.AddHostAsync(variables);
            await Until.TrueAsync(async () => await shop.Fixture.Database.ScalarAsync<long>("SELECT count(*) FROM console.schedules") == 1);
            await host.StopAsync();
            return Assert.Single(await host.Schedules.ListAsync());
        }

        var made = await StartAsync(("SYNC_CRON", "0 3 * * *"));
        Assert.Equal(("default", "0 3 * * *", "UTC", true), (made.Name, made.Draft.Cron, made.Draft.Zone, made.IsInherited));
        var followed = await StartAsync(("SYNC_CRON", "0 4 * * *"));
        Assert.Equal(("0 4 * * *", 2), (followed.Draft.Cron, followed.Version));
        Assert.Equal("SYNC_MODE=manual", (await StartAsync(("SYNC_MODE", "manual"))).Pause?.Reason);
        Assert.Null((await StartAsync(("SYNC_CRON", "0 4 * * *"))).Pause);
        var editor = await shop.AddHostAsync();
        var seen = Assert.Single(await editor.Schedules.ListAsync());
        await editor.Schedules.UpdateAsync(seen.Id, seen.Version, seen.Draft with { Cron = "0 6 * * *" }, "ann");
        Assert.Equal("0 6 * * *", (await StartAsync(("SYNC_CRON", "0 5 * * *"))).Draft.Cron);
    }

    [Fact]
    public async Task A_schedule_is_run_now_also_while_it_rests()
    {
        await using var shop = await JobCase.CreateAsync();
        JobCase.Sell(await shop.TillAsync("T1"), 2);
        var schedule = await shop.Host.Schedules.CreateAsync(EverySecond with { Cron = "0 3 1 1 *" }, "ann");
        await shop.Host.Schedules.PauseAsync(schedule.Id, "holidays", "ann");

        var submitted = await shop.Host.Schedules.RunNowAsync(schedule.Id, "bob");

        var done = await shop.Host.UntilAsync(submitted.Jobs[0].Id, j => j.IsFinished);
        Assert.Equal((JobState.Succeeded, JobOrigin.Manual, "bob", "busy"), (done.State, done.Origin, done.Actor, done.ScheduleName));
        Assert.Equal(2, await shop.SalesAsync());
    }
}
