namespace PayFlow.Sync.Engine.Sessions;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    Synced,

    /// <summary>Done, but conflicts wait for a decision.</summary>
    Conflict,

    /// <summary>Not done, or rows failed.</summary>
    Failed,
    Cancelled,
}
