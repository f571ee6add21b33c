using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http;

/// <summary>How a remote till syncs by itself.</summary>
public sealed record AgentOptions
{
    /// <summary>From the end of one run to the beginning of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after a first failure; it doubles with each one that follows.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause: a till that was away for days is back in step this soon after its line is.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How a run is done.</summary>
    public SyncOptions Sync { get; init; } = new();
}
