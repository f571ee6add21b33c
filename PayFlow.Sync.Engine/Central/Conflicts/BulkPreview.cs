namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>What a decision about many conflicts would be about.</summary>
/// <param name="Counts">By table and kind.</param>
/// <param name="First">The oldest of them.</param>
public sealed record BulkPreview(IReadOnlyList<ConflictCount> Counts, IReadOnlyList<Conflict> First)
{
    public long Total => Counts.Sum(c => c.Conflicts);
}
