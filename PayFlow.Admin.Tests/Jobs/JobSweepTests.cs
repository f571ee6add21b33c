using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Jobs.Schedules;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class JobSweepTests
{
    private const string Columns = "kind, request, terminal_id, state, origin, actor, attempts, first_delay, longest_delay";

    [Fact]
    public async Task A_row_that_lost_its_trigger_gets_another()
    {
        await using var shop = await JobCase.CreateAsync();
        JobCase.Sell(await shop.TillAsync("T1"), 2);

        await shop.Fixture.Database.ExecuteAsync($$"""INSERT INTO console.jobs ({{Columns}}) VALUES ('sync', '{"kind": "sync"}', 'T1', 'WAITING', 'manual', 'ann', 1, '1 s', '1 s')""");

        await Until.TrueAsync(async () => await shop.SalesAsync() == 2);
        Assert.Equal(JobState.Succeeded, (await shop.Host.UntilAsync(1, j => j.IsFinished)).State);
    }

    [Fact]
    public async Task A_schedule_that_this_host_cannot_read_holds_nothing_else_up()
    {
        await using var shop = await JobCase.CreateAsync();
        JobCase.Sell(await shop.TillAsync("T1"), 2);

        // As another host has saved it, which knows more zones.
        await shop.Fixture.Database.ExecuteAsync("""
            INSERT INTO console.schedules (name, cron, zone, direction, overlap, attempts, first_delay, longest_delay, created_by, updated_by) VALUES ('mars', '* * * * *', 'Mars/Base', 'both', 'skip', 1, '1 s', '1 s', 'ann', 'ann')
            """);
        await shop.Fixture.Database.ExecuteAsync($$"""INSERT INTO console.jobs ({{Columns}}) VALUES ('sync', '{"kind": "sync"}', 'T1', 'WAITING', 'manual', 'ann', 1, '1 s', '1 s')""");

        Assert.Equal(JobState.Succeeded, (await shop.Host.UntilAsync(1, j => j.IsFinished)).State);
        var mars = Assert.Single(await shop.Host.Schedules.ListAsync());
        Assert.Contains("Mars/Base", mars.Fault, StringComparison.Ordinal);
        await shop.Host.Schedules.DeleteAsync(mars.Id, "ann");
        Assert.Empty(await shop.Host.Schedules.ListAsync());
    }

    [Fact]
    public async Task A_row_whose_host_says_nothing_any_more_is_taken_over_without_using_up_an_attempt()
    {
        await using var shop = await JobCase.CreateAsync();
        JobCase.Sell(await shop.TillAsync("T1"), 2);

        await shop.Fixture.Database.ExecuteAsync($$"""
            INSERT INTO console.jobs ({{Columns}}, attempt, claim, host, heartbeat_at) VALUES ('sync', '{"kind": "sync"}', 'T1', 'RUNNING', 'manual', 'ann', 1, '1 s', '1 s', 1, gen_random_uuid(), 'gone', now() - interval '1 minute')
            """);

        var done = await shop.Host.UntilAsync(1, j => j.IsFinished);
        Assert.Equal((JobState.Succeeded, 1), (done.State, done.Attempt));
        Assert.Equal(("gone", "The host ended during the run."), (done.History[0].Host, done.History[0].Error));
    }

    [Fact]
    public async Task A_job_that_one_host_after_the_other_dies_of_is_given_up()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.TillAsync("T1");

        await shop.Fixture.Database.ExecuteAsync($$"""
            INSERT INTO console.jobs ({{Columns}}, attempt, claim, host, heartbeat_at, history) VALUES ('sync', '{"kind": "sync"}', 'T1', 'RUNNING', 'manual', 'ann', 5, '1 s', '1 s', 1, gen_random_uuid(), 'gone', now() - interval '1 minute',
              (SELECT jsonb_agg(jsonb_build_object('attempt', 1, 'at', now(), 'host', 'h' || i, 'error', 'The host ended during the run.', 'isHostLost', true)) FROM generate_series(1, 4) i))
            """);

        var failed = await shop.Host.UntilAsync(1, j => j.IsFinished);
        Assert.Equal((JobState.Failed, "5 hosts ended one after the other while they ran this job."), (failed.State, failed.Error));
        Assert.NotNull(failed.Hint);
    }

    [Fact]
    public async Task A_host_that_was_taken_for_dead_cannot_speak_for_the_one_that_took_over()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 500);
        await using var blocker = await shop.Fixture.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var block = new Npgsql.NpgsqlCommand("LOCK TABLE sales IN SHARE MODE", blocker))
            await block.ExecuteNonQueryAsync();
        var id = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync(), "ann")).Jobs[0].Id;
        await shop.Host.UntilAsync(id, j => j.State == JobState.Running);

        // As if the machine had stood still: somebody else has the row now.
        await shop.Fixture.Database.ExecuteAsync($"UPDATE console.jobs SET claim = gen_random_uuid(), host = 'other', heartbeat_at = now() + interval '1 hour' WHERE id = {id}");
        await Until.TrueAsync(async () => await shop.Fixture.Database.ScalarAsync<string>("SELECT status FROM payflow.sync_log ORDER BY started_at DESC LIMIT 1") == "CANCELLED");
        await transaction.RollbackAsync();

        var now = (await shop.Host.Jobs.ShowAsync(id))!;
        Assert.Equal((JobState.Running, "other"), (now.State, now.Host));
        Assert.Equal(0, await shop.SalesAsync());
    }

    [Fact]
    public async Task A_schedule_whose_trigger_is_not_its_own_is_mended()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.TillAsync("T1");
        var schedule = await shop.Host.Schedules.CreateAsync(new ScheduleDraft { Name = "yearly", Cron = "0 0 1 1 *" }, "ann");

        await shop.Fixture.Database.ExecuteAsync("UPDATE console.schedules SET cron = '* * * * * ?', version = version + 1");

        await Until.TrueAsync(async () => (await shop.Host.Schedules.FindAsync(schedule.Id))!.FiredAt is not null);
        Assert.Equal($"{schedule.Id}-2", await shop.Fixture.Database.ScalarAsync<string>("SELECT string_agg(trigger_name, ',') FROM quartz.qrtz_triggers WHERE trigger_group = 'schedules'"));
    }

    [Fact]
    public async Task Jobs_that_ended_long_ago_are_forgotten_but_for_those_that_failed()
    {
        await using var shop = await JobCase.CreateAsync(hasHost: false);
        await using (var first = await JobsHost.CreateAsync(shop.Fixture.Database.ConnectionString))
        {
            foreach (var (state, days) in new[] { ("SUCCEEDED", 31), ("SUCCEEDED", 29), ("CANCELLED", 31), ("FAILED", 365) })
                await shop.Fixture.Database.ExecuteAsync($$"""INSERT INTO console.jobs ({{Columns}}, finished_at) VALUES ('sync', '{"kind": "sync"}', 'T1', '{{state}}', 'manual', 'ann', 1, '1 s', '1 s', now() - interval '{{days}} days')""");
        }

        await shop.AddHostAsync();

        await Until.TrueAsync(async () => await shop.Fixture.Database.ScalarAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM console.jobs") == "2,4");
    }

    [Fact]
    public async Task The_board_counts_and_knows_the_hosts()
    {
        await using var shop = await JobCase.CreateAsync();
        await shop.AddHostAsync();
        await shop.TillAsync("T1");
        var id = (await shop.Host.Jobs.SubmitAsync(JobRequest.Sync(), "ann")).Jobs[0].Id;
        await shop.Host.UntilAsync(id, j => j.IsFinished);

        Assert.Equal(new JobCounts(0, 0, 0, 0, 1, 0, 0), await shop.Host.Board.CountAsync());
        var history = await shop.Host.Board.HistoryAsync(24);
        Assert.Equal((24, 1), (history.Count, history.Sum(h => h.Succeeded)));
        Assert.Equal(history.Select(h => h.Hour).Order(), history.Select(h => h.Hour));
        await Until.TrueAsync(async () => (await shop.Host.Board.HostsAsync()).Count(h => h.IsAlive) == 2);
        var hosts = await shop.Host.Board.HostsAsync();
        Assert.Equal((true, false), (hosts[0].IsThis, hosts[1].IsThis));
        Assert.NotNull(shop.Host.Services.GetRequiredService<JobSweep>());
    }
}
