namespace PayFlow.Sync.Engine.Http;

/// <summary>What <c>GET /api/sync/events</c> tells a till. Each says that a run is worth while, and nothing of what it will bring.</summary>
[Flags]
public enum HostSignal
{
    None = 0,

    /// <summary>The host listens from here on; what happened before has to be fetched.</summary>
    Ready = 1,

    /// <summary>Something may have come into a table that travels down to this till.</summary>
    Changed = 2,

    /// <summary>A conflict of this till was decided.</summary>
    Decision = 4,
}
