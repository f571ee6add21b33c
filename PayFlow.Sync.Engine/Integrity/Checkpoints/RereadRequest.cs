using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>What is to be read again.</summary>
public sealed record RereadRequest
{
    /// <summary>Terminal tables; all that are synced when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    /// <summary><see cref="SyncDirection.Push"/> for what comes down, <see cref="SyncDirection.Pull"/> for what goes up.</summary>
    public SyncDirection Direction { get; init; } = SyncDirection.Both;

    /// <summary>Sync again from here: what was changed since. Null to begin anew: every row.</summary>
    public DateTimeOffset? Since { get; init; }
}
