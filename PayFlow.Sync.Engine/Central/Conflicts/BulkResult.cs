namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>What a decision about many conflicts did.</summary>
/// <param name="Resolved">Decided now.</param>
/// <param name="Refused">Those that wait on, each with its reason.</param>
public sealed record BulkResult(long Resolved, IReadOnlyList<RefusedConflict> Refused);
