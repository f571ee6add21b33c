namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>What is to be done with central's row.</summary>
internal enum MergeAction
{
    /// <summary>Nothing; central's row stands as it is.</summary>
    Keep,
    Insert,
    Update,
    Delete,

    /// <summary>Nothing yet: it waits for a decision.</summary>
    Ask,
}
