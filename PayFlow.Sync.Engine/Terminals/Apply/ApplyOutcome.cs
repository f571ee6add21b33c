namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>What became of a row that came down.</summary>
internal enum ApplyOutcome
{
    Unchanged,
    Inserted,
    Updated,
    Deleted,

    /// <summary>The row has an open entry in the queue: what came down is found when it is pulled.</summary>
    Busy,
}
