namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Some conflicts, in the order in which they were found.</summary>
/// <param name="Conflicts">The page.</param>
/// <param name="After">The place from which the next page goes on; null at the end.</param>
public sealed record ConflictPage(IReadOnlyList<Conflict> Conflicts, long? After);
