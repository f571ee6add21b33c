using Npgsql;
using Quartz;

namespace PayFlow.Admin.Jobs;

/// <summary>The figures above the lists of jobs: how many in each state, how the last hours went, and the hosts.</summary>
internal sealed class JobBoard(NpgsqlDataSource central, JobTriggers triggers, TimeProvider time)
{
    private const string Counts = """
        SELECT count(*) FILTER (WHERE state = 'SCHEDULED'), count(*) FILTER (WHERE state = 'WAITING'), count(*) FILTER (WHERE state = 'RUNNING'),
          count(*) FILTER (WHERE state = 'RETRYING'), count(*) FILTER (WHERE state = 'SUCCEEDED'), count(*) FILTER (WHERE state = 'FAILED'), count(*) FILTER (WHERE state = 'CANCELLED')
        FROM console.jobs
        """;

    private const string Hours = """
        SELECT h.hour, count(j.*) FILTER (WHERE j.state = 'SUCCEEDED'), count(j.*) FILTER (WHERE j.state = 'FAILED'), count(j.*) FILTER (WHERE j.state = 'CANCELLED')
        FROM generate_series(date_trunc('hour', $1::timestamptz, 'UTC') - make_interval(hours => $2 - 1), date_trunc('hour', $1::timestamptz, 'UTC'), '1 hour') AS h (hour)
        LEFT JOIN console.jobs j ON j.finished_at >= h.hour AND j.finished_at < h.hour + interval '1 hour'
        GROUP BY h.hour ORDER BY h.hour
        """;

    public async Task<JobCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Counts);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new JobCounts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6));
    }

    /// <summary>One entry for every hour, oldest first, the one under way last; hours without jobs are there with zeros.</summary>
    /// <param name="hours">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<JobHour>> HistoryAsync(int hours, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Hours);
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = hours });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var history = new List<JobHour>();
        while (await reader.ReadAsync(cancellationToken))
            history.Add(new JobHour(reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return history;
    }

    /// <summary>The hosts that share the work, this one first.</summary>
    public async Task<IReadOnlyList<JobHost>> HostsAsync(CancellationToken cancellationToken = default)
    {
        var scheduler = await triggers.SchedulerAsync(cancellationToken);
        var nodes = await scheduler.QueryClusterNodes(cancellationToken);
        var running = await RunningAsync(cancellationToken);
        return [.. nodes
            .Select(n => new JobHost(n.InstanceId, n.LastCheckInUtc, n.CheckInInterval, n.State == ClusterNodeState.Alive, n.IsCurrentNode, running.GetValueOrDefault(n.InstanceId)))
            .OrderByDescending(h => h.IsThis).ThenBy(h => h.Id, StringComparer.Ordinal)];
    }

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
