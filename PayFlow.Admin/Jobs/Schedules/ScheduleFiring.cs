using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Sync.Engine.Central.Metadata;
using Quartz;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What Quartz calls when a schedule is due: makes its jobs, once for each time, whatever hosts do.</summary>
internal sealed partial class ScheduleFiring(NpgsqlDataSource central, ILogger<ScheduleFiring> logger) : IJob
{
    // The row lets only a later time pass, and only one host at a time: a firing that is recovered, or late from an older version, finds it taken.
    private const string Claim = $"""
        UPDATE console.schedules s SET fired_at = $3 WHERE s.id = $1 AND s.version = $2 AND s.paused_at IS NULL AND (s.fired_at IS NULL OR s.fired_at < $3)
        RETURNING {ScheduleRows.Columns}
        """;

    private const string Insert = $"""
        INSERT INTO console.jobs AS j (group_id, kind, request, terminal_id, state, origin, actor, schedule_id, schedule_name, fire_time, attempts, first_delay, longest_delay)
        SELECT $1, 'sync', $2::jsonb, t.id, 'WAITING', 'schedule', $3, $4, $3, $5, $6, $7, $8
        FROM unnest($9::text[]) WITH ORDINALITY AS t (id, place)
        WHERE NOT EXISTS (SELECT FROM console.jobs o WHERE o.schedule_id = $4 AND o.terminal_id = t.id AND o.state = ANY ($10))
        ORDER BY t.place
        ON CONFLICT DO NOTHING
        RETURNING {JobRows.Columns}
        """;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (id, version) = ScheduleTriggers.Read(context);
        var at = context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var arming = new JobArming(context.Scheduler, transaction);
        if (await ClaimAsync(connection, id, version, at, cancellationToken) is not { } schedule)
            return;
        var terminals = await TerminalsAsync(schedule, cancellationToken);
        var made = await InsertAsync(connection, schedule, at, terminals, cancellationToken);
        await using (var outcome = new NpgsqlCommand("UPDATE console.schedules SET fired_jobs = $2, fired_skipped = $3 WHERE id = $1", connection) { Parameters = { new() { Value = id }, new() { Value = made.Count }, new() { Value = terminals.Count - made.Count } } })
            await outcome.ExecuteNonQueryAsync(cancellationToken);
        await arming.ArmAsync(made.Select(j => new ArmedJob(j.Id, 1, j.DueAt)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogFired(schedule.Name, made.Count, terminals.Count - made.Count);
    }

    private static async Task<ScheduleRecord?> ClaimAsync(NpgsqlConnection connection, Guid id, int version, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Claim, connection) { Parameters = { new() { Value = id }, new() { Value = version }, new() { Value = at.ToUniversalTime() } } };
        return (await ScheduleRows.ReadAllAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A terminal that was detached since is left out, and comes back by itself when it is attached again.</summary>
    private async Task<IReadOnlyList<string>> TerminalsAsync(ScheduleRecord schedule, CancellationToken cancellationToken)
    {
        var active = await new JobTargets(central).ActiveAsync(null, cancellationToken);
        return schedule.Draft.Terminals is { } named ? [.. active.Where(named.Contains)] : active;
    }

    private static async Task<List<JobRecord>> InsertAsync(NpgsqlConnection connection, ScheduleRecord schedule, DateTimeOffset at, IReadOnlyList<string> terminals, CancellationToken cancellationToken)
    {
        var blocking = schedule.Draft.Overlap == OverlapRule.Skip
            ? new[] { JobState.Scheduled, JobState.Waiting, JobState.Running, JobState.Retrying }
            : [JobState.Scheduled, JobState.Waiting, JobState.Retrying];
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = Guid.NewGuid() },
                new() { Value = JobJson.WriteRequest(JobRequest.Sync(schedule.Draft.Direction, null, schedule.Draft.Tables)) },
                new() { Value = schedule.Name },
                new() { Value = schedule.Id },
                new() { Value = at.ToUniversalTime() },
                new() { Value = schedule.Draft.Retry.Attempts },
                new() { Value = schedule.Draft.Retry.FirstDelay },
                new() { Value = schedule.Draft.Retry.LongestDelay },
                new() { Value = terminals.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = blocking.Select(JobWords.Of).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        return await JobRows.ReadAllAsync(command, cancellationToken);
    }

    [LoggerMessage(130, LogLevel.Debug, "Schedule {Name} was due: {Made} jobs made, {Skipped} terminals left out because they are not done with the time before")]
    private partial void LogFired(string name, int made, int skipped);
}
