using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>What a map would mean for one terminal.</summary>
public sealed record MapEffect
{
    public required string Terminal { get; init; }

    /// <summary>Why it cannot be saved; the rest is empty then.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where the two schemas do not fit, by this map.</summary>
    public IReadOnlyList<SchemaFinding> Findings { get; init; } = [];

    /// <summary>Tables for which something changes.</summary>
    public IReadOnlyList<MapTableEffect> Tables { get; init; } = [];
}
