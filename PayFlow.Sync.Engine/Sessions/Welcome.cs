using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Central's answer to <see cref="Hello"/>.</summary>
public sealed record Welcome
{
    public required Guid CentralId { get; init; }

    /// <summary>The terminal's number in the order of registration; the terminal's key blocks begin there.</summary>
    public required int Number { get; init; }

    /// <summary>What to sync. The same instance as long as neither side's tables nor the map change.</summary>
    public required SyncPlan Plan { get; init; }

    /// <summary>The terminal's counter as central knows it, and by whom it was advanced last.</summary>
    public required long Counter { get; init; }

    public required Guid? Nonce { get; init; }

    public required Guid Lineage { get; init; }

    /// <summary>Where the terminal's file lay when central last heard of it.</summary>
    public string? Fingerprint { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>What row filters may name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>How far central knows the terminal to have read the change log; the terminal's own word counts, unless central was restored.</summary>
    public LogPosition Position { get; init; }
}
