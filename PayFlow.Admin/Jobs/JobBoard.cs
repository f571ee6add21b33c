using Npgsql;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using Quartz;

namespace PayFlow.Admin.Jobs;

/// <summary>The figures above the lists of jobs: how many in each state, how the last hours went, and the hosts.</summary>
internal sealed class JobBoard(NpgsqlDataSource central, JobTriggers triggers, TimeProvider time)
{
    // Each only so far that a long history costs nothing.
    private const string Counts = """
        SELECT s.state, (SELECT count(*) FROM (SELECT FROM console.jobs j WHERE j.state = s.state LIMIT $2) c) FROM unnest($1::text[]) AS s (state)
        """;

    private const string Hours = """
        SELECT date_trunc('hour', j.finished_at, 'UTC'), count(*) FILTER (WHERE j.state = 'SUCCEEDED'), count(*) FILTER (WHERE j.state = 'FAILED'), count(*) FILTER (WHERE j.state = 'CANCELLED')
        FROM console.jobs j WHERE j.finished_at >= $1 GROUP BY 1
        """;

    /// <summary>None of them is more than <see cref="JobCounts.Most"/>.</summary>
    public async Task<JobCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Counts);
        command.Parameters.Add(new() { Value = Enum.GetValues<JobState>().Select(JobWords.Of).ToArray() });
        command.Parameters.Add(new() { Value = JobCounts.Most });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<JobState, long>();
        while (await reader.ReadAsync(cancellationToken))
            counts[JobWords.Read<JobState>(reader.GetString(0))] = reader.GetInt64(1);
        return new JobCounts(counts[JobState.Scheduled], counts[JobState.Waiting], counts[JobState.Running], counts[JobState.Retrying], counts[JobState.Succeeded], counts[JobState.Failed], counts[JobState.Cancelled]);
    }

    /// <summary>One entry for every hour, oldest first, the one under way last; hours without jobs are there with zeros.</summary>
    /// <param name="hours">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<JobHour>> HistoryAsync(int hours, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var first = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1 - hours);
        await using var command = central.CreateCommand(Hours);
        command.Parameters.Add(new() { Value = first });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ended = new Dictionary<DateTimeOffset, JobHour>();
        while (await reader.ReadAsync(cancellationToken))
            ended[reader.GetFieldValue<DateTimeOffset>(0)] = new JobHour(reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        return [.. Enumerable.Range(0, hours).Select(i => first.AddHours(i)).Select(hour => ended.GetValueOrDefault(hour) ?? new JobHour(hour, 0, 0, 0))];
    }

    /// <summary>The hosts that share the work, this one first.</summary>
    /// <exception cref="SyncException">Central does not answer.</exception>
    public async Task<IReadOnlyList<JobHost>> HostsAsync(CancellationToken cancellationToken = default)
    {
        var nodes = await NodesAsync(cancellationToken);
        var running = await RunningAsync(cancellationToken);
        return [.. nodes
            .Select(n => new JobHost(n.InstanceId, n.LastCheckInUtc, n.CheckInInterval, IsAlive(n), n.IsCurrentNode, running.GetValueOrDefault(n.InstanceId)))
            .OrderByDescending(h => h.IsThis).ThenBy(h => h.Id, StringComparer.Ordinal)];
    }

    // Quartz wraps what its store throws.
    private async Task<IReadOnlyCollection<ClusterNode>> NodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. await (await triggers.SchedulerAsync(cancellationToken)).QueryClusterNodes(cancellationToken)];
        }
        catch (SchedulerException e) when (CauseInCentral(e) is { } cause)
        {
            throw Failures.Translate(cause);
        }
    }

    private static Exception? CauseInCentral(Exception? e)
    {
        while (e is not null && !Failures.IsOfCentral(e))
            e = e.InnerException;
        return e;
    }

    // As patient as whoever would take its jobs over: Quartz calls a host overdue as soon as a busy machine halts it for two seconds.
    private bool IsAlive(ClusterNode node) => node.State == ClusterNodeState.Alive || time.GetUtcNow() - node.LastCheckInUtc < JobPatience.Alone;

    private async Task<Dictionary<string, long>> RunningAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand("SELECT host, count(*) FROM console.jobs WHERE state = 'RUNNING' AND host IS NOT NULL GROUP BY host");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var running = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            running[reader.GetString(0)] = reader.GetInt64(1);
        return running;
    }
}
