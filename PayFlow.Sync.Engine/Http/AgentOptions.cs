using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http;

/// <summary>How a remote till syncs by itself.</summary>
public sealed record AgentOptions
{
    /// <summary>From the end of one run to the beginning of the next where nothing calls for it earlier: what no signal tells is found by it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the agent waits for more when the till books something or the host signals, so that a burst is one run.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The pause after a first failure; it doubles with each one that follows.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause: a till that was away for days is back in step this soon after its line is, also where nothing tells that it is.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a run may take to its next border when the agent is stopped; then it is broken off, which loses nothing either.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The file was moved, or restored, to where it is now on purpose (<see cref="SyncRequest.AcceptMoved"/>).</summary>
    public bool AcceptMoved { get; init; }

    /// <summary>How a run is done.</summary>
    public SyncOptions Sync { get; init; } = new();
}
