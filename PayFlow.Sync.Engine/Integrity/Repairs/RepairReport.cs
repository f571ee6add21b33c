using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>What a repair found and did.</summary>
public sealed record RepairReport
{
    /// <summary>The comparison that it began with.</summary>
    public required VerifyReport Found { get; init; }

    /// <summary>The run, which can be rolled back; null when nothing was done.</summary>
    public Guid? RunId { get; init; }

    public IReadOnlyList<RepairedTable> Tables { get; init; } = [];

    /// <summary>The first rows that could not be repaired.</summary>
    public IReadOnlyList<RefusedRow> Refused { get; init; } = [];

    public long RefusedRows => Tables.Sum(t => t.Refused);
}
