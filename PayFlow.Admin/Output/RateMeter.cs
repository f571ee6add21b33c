using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Output;

/// <summary>How fast one phase of one table goes.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private readonly Dictionary<(string, string?), long> _begun = [];

    /// <summary>Rows a second since the phase was first seen; zero when it has only begun.</summary>
    public double RowsPerSecond(SyncProgress progress)
    {
        var key = (progress.Phase, progress.Table);
        if (_begun.TryAdd(key, time.GetTimestamp()))
            return 0;
        var seconds = time.GetElapsedTime(_begun[key]).TotalSeconds;
        return seconds < 0.05 ? 0 : progress.Rows / seconds;
    }

    /// <summary>Time to go at this pace, where it can be told.</summary>
    public static TimeSpan? Left(SyncProgress progress, double rowsPerSecond) =>
        progress.Total is { } total && rowsPerSecond > 0 && total > progress.Rows ? TimeSpan.FromSeconds((total - progress.Rows) / rowsPerSecond) : null;
}
