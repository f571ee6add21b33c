using Npgsql;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using Quartz;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>Mends what died between a row and its trigger: rows that nobody runs any more, due rows without a trigger, schedules whose trigger is not theirs. Every host does it, one at a time.</summary>
internal sealed partial class JobSweep(NpgsqlDataSource central, JobTriggers triggers, DefaultSchedule inherited, TimeProvider time, ILogger<JobSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromMinutes(10);

    private const string Single = "SELECT pg_try_advisory_xact_lock(1346786115, 2)";

    private const string Unarmed = """
        SELECT j.id, j.turn, j.due_at FROM console.jobs j
        WHERE j.state IN ('SCHEDULED', 'WAITING', 'RETRYING') AND j.due_at <= now()
          AND NOT EXISTS (SELECT FROM quartz.qrtz_triggers t WHERE t.trigger_group = 'jobs' AND t.trigger_name = j.id || '-' || j.turn AND t.trigger_state <> 'ERROR')
        ORDER BY j.due_at LIMIT 500
        """;

    private const string UnarmedSchedules = $"""
        SELECT {ScheduleRows.Columns} FROM console.schedules s
        WHERE s.paused_at IS NULL
          AND NOT EXISTS (SELECT FROM quartz.qrtz_triggers t WHERE t.trigger_group = 'schedules' AND t.trigger_name = s.id || '-' || s.version AND t.trigger_state <> 'ERROR')
        """;

    private const string StrangeTriggers = """
        SELECT t.trigger_name FROM quartz.qrtz_triggers t
        WHERE t.trigger_group = 'schedules' AND NOT EXISTS (SELECT FROM console.schedules s WHERE s.paused_at IS NULL AND t.trigger_name = s.id || '-' || s.version)
        """;

    private readonly HashSet<(Guid Id, int Version)> _told = [];

    private DateTimeOffset _pruned;

    /// <summary>Does it once, unless another host is at it.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var scheduler = await triggers.SchedulerAsync(cancellationToken);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var arming = new JobArming(scheduler, transaction);
        await using (var single = new NpgsqlCommand(Single, connection))
        {
            if (await single.ExecuteScalarAsync(cancellationToken) is not true)
                return;
        }
        var released = await JobRelease.ExecuteAsync(connection, JobPatience.Alone, null, cancellationToken);
        if (released.Count > 0)
            LogReleased(released.Count);
        // Those among them.
        await arming.ArmAsync(await UnarmedAsync(connection, cancellationToken), cancellationToken);
        await MendSchedulesAsync(connection, scheduler, cancellationToken);
        if (time.GetUtcNow() - _pruned >= BetweenPrunings)
        {
            _pruned = time.GetUtcNow();
            await JobPruning.ExecuteAsync(connection, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Behind it jobs can be handed in, and the schedule of the environment is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await triggers.PrepareAsync(cancellationToken);
        await inherited.EnsureAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await SweepAsync(stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The scheduler went first.
                return;
            }
            // Whatever it is: it is said, and the next sweep tries again.
            catch (Exception e)
            {
                var known = Failures.Translate(e);
                LogPostponed(known.Message, known.Hint);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    private static async Task<List<ArmedJob>> UnarmedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Unarmed, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var jobs = new List<ArmedJob>();
        while (await reader.ReadAsync(cancellationToken))
            jobs.Add(new ArmedJob(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return jobs;
    }

    private async Task MendSchedulesAsync(NpgsqlConnection connection, IScheduler scheduler, CancellationToken cancellationToken)
    {
        await using var unarmed = new NpgsqlCommand(UnarmedSchedules, connection);
        foreach (var schedule in await ScheduleRows.ReadAllAsync(unarmed, cancellationToken))
        {
            try
            {
                await ScheduleTriggers.ArmAsync(scheduler, schedule, time.GetUtcNow(), cancellationToken);
            }
            catch (SyncException e)
            {
                // Another host may know its zone; here it must not keep the jobs and the other schedules waiting.
                if (_told.Add((schedule.Id, schedule.Version)))
                    LogUnreadable(e.Message, e.Hint);
            }
        }
        var strange = new List<TriggerKey>();
        await using (var command = new NpgsqlCommand(StrangeTriggers, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                strange.Add(new TriggerKey(reader.GetString(0), ScheduleTriggers.Group));
        }
        if (strange.Count > 0)
            await scheduler.UnscheduleJobs(strange, cancellationToken);
    }

    [LoggerMessage(140, LogLevel.Warning, "{Jobs} jobs had lost their host and are taken over")]
    private partial void LogReleased(int jobs);

    [LoggerMessage(142, LogLevel.Error, "A schedule does not fire from here: {Reason} (hint: {Hint})")]
    private partial void LogUnreadable(string reason, string? hint);

    [LoggerMessage(141, LogLevel.Warning, "Jobs cannot be looked after: {Reason} (hint: {Hint})")]
    private partial void LogPostponed(string reason, string? hint);
}
