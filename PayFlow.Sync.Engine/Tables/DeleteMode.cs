namespace PayFlow.Sync.Engine.Tables;

/// <summary>What a deleted row on one side does to the other.</summary>
public enum DeleteMode
{
    /// <summary>The soft-delete column is set where both sides have it; otherwise the row is deleted.</summary>
    Auto,

    /// <summary>The row is deleted, whatever columns it has.</summary>
    Propagate,

    /// <summary>The soft-delete column is set; the row stays.</summary>
    Soft,

    /// <summary>Nothing: a row deleted on one side stays on the other.</summary>
    Ignore,
}
