namespace PayFlow.Sync.Engine.Tables;

/// <summary>Who wins when both sides changed a row since they last agreed.</summary>
public enum ConflictPolicy
{
    ServerWins,
    LocalWins,

    /// <summary>The side with the newer timestamp column wins; on a tie, central.</summary>
    LastWriterWins,

    /// <summary>Each field from the side that changed it; a field changed on both sides waits for a decision.</summary>
    Merge,

    /// <summary>Every conflict waits for a decision.</summary>
    Manual,
}
