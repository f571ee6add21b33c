using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>What <see cref="OpenRun"/> found.</summary>
internal sealed record OpenedRun
{
    public required Guid CentralId { get; init; }

    /// <summary>The terminal's number in the order of registration.</summary>
    public required int Number { get; init; }

    /// <summary>Changes when the map or a planned table of central changes.</summary>
    public required string PlanVersion { get; init; }

    public required long Counter { get; init; }

    public required Guid? Nonce { get; init; }

    public required Guid Lineage { get; init; }

    public string? Fingerprint { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>How far central knows the terminal to have read the change log.</summary>
    public required LogPosition Position { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}
