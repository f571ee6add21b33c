using PayFlow.Admin.Api;
using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>The chain's figures: lag, queue, conflicts, dead letters, jobs. Read from central at most once in five seconds, however many ask.</summary>
internal sealed class CentralReadings(SyncStatusReader status, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>Told also when there are none: a figure that ends looks like one that stays.</summary>
    private static readonly string[] QueueStates = ["PENDING", "SYNCING", "FAILED", "CONFLICT"];

    private readonly SemaphoreSlim _gate = new(1);
    private long? _readAt;

    /// <summary>As last read; empty before that.</summary>
    public IReadOnlyList<Reading> Latest { get; private set; } = [];

    public async Task<IReadOnlyList<Reading>> ReadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is { } at && time.GetElapsedTime(at) < Freshness)
                return Latest;
            Latest = [.. Of(await status.ReadAsync(cancellationToken))];
            _readAt = time.GetTimestamp();
            return Latest;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static IEnumerable<Reading> Of(StatusResponse status)
    {
        foreach (var terminal in status.Terminals)
        {
            var tag = new KeyValuePair<string, object?>("terminal", terminal.Id);
            yield return new Reading("payflow.lag.seconds", "How long central's oldest change that the terminal has not read has waited", terminal.LagSeconds, tag);
            yield return new Reading("payflow.lag.rows", "Central's changes that the terminal has not read yet", terminal.LagRows, tag);
            yield return new Reading("payflow.conflicts.open", "Conflicts of the terminal that wait for a decision", terminal.Conflicts, tag);
            yield return new Reading("payflow.dead.letters", "Rows of the terminal that central refused, as it last reported", terminal.Queue.GetValueOrDefault("FAILED"), tag);
            foreach (var state in QueueStates.Union(terminal.Queue.Keys))
                yield return new Reading("payflow.queue.rows", "Entries of the terminal's queue, as it last reported", terminal.Queue.GetValueOrDefault(state), tag, new("state", state));
            if (terminal.LastRunAt is { } last)
                yield return new Reading("payflow.last.run.timestamp.seconds", "When the terminal's last run began", last.ToUnixTimeSeconds(), tag);
        }
        foreach (var (state, count) in States(status.Jobs))
            yield return new Reading("payflow.jobs.state", "Jobs by state", count, new KeyValuePair<string, object?>("state", state));
        yield return new Reading("payflow.hosts", "Hosts whose heartbeat is not overdue", status.Hosts.Count(h => h.IsAlive));
    }

    private static IEnumerable<(string State, long Count)> States(JobCounts jobs) =>
        [("scheduled", jobs.Scheduled), ("waiting", jobs.Waiting), ("running", jobs.Running), ("retrying", jobs.Retrying), ("failed", jobs.Failed)];
}
