using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Where a run stands.</summary>
/// <param name="Phase"><c>bootstrap</c>, <c>pull</c>, <c>load</c> or <c>push</c>.</param>
/// <param name="Table">The table at hand; null for several.</param>
/// <param name="Rows">Rows of this phase and table so far.</param>
/// <param name="Total">Rows to come in all, where known.</param>
public readonly record struct SyncProgress(string Phase, string? Table, long Rows, long? Total)
{
    /// <summary>Which way the rows go.</summary>
    public SyncDirection Direction => Phase is "load" or "push" ? SyncDirection.Push : SyncDirection.Pull;
}
