using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>Where a running job stands: written by the work, as often as it likes, and read by the heartbeat.</summary>
internal sealed class JobMeter(TimeProvider time) : IProgress<SyncProgress>, IProgress<BulkProgress>
{
    private readonly Lock _gate = new();
    private List<Guid> _runs = [];
    private JobProgress? _latest;
    private long _since;
    private bool _isNews;

    public void Report(SyncProgress value) => Report(value.Phase, value.Table, value.Rows, value.Total);

    public void Report(BulkProgress value) => Report("resolve", null, value.Done, value.Total);

    /// <summary>A run has begun, or is known now.</summary>
    public void AddRun(Guid run)
    {
        lock (_gate)
        {
            if (_runs.Contains(run))
                return;
            _runs = [.. _runs, run];
            _isNews = true;
        }
    }

    public IReadOnlyList<Guid> Runs
    {
        get
        {
            lock (_gate)
                return _runs;
        }
    }

    /// <summary>What is new since it was asked for last; null when nothing is.</summary>
    public (JobProgress? Progress, IReadOnlyList<Guid> Runs)? Take()
    {
        lock (_gate)
        {
            if (!_isNews)
                return null;
            _isNews = false;
            return (_latest, _runs);
        }
    }

    private void Report(string phase, string? table, long rows, long? total)
    {
        lock (_gate)
        {
            if (_latest is null || _latest.Phase != phase || _latest.Table != table)
                _since = time.GetTimestamp();
            var seconds = time.GetElapsedTime(_since).TotalSeconds;
            _latest = new JobProgress(phase, table, rows, total, seconds < 0.1 ? 0 : Math.Round(rows / seconds, 1));
            _isNews = true;
        }
    }
}
