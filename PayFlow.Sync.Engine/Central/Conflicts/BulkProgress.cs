namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>How far a decision about many conflicts has got; those that were refused count as done.</summary>
public sealed record BulkProgress(long Done, long Total);
