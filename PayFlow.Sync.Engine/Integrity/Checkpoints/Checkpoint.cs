using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>How far one direction of one table of a terminal has got, and what is still behind it.</summary>
public sealed record Checkpoint
{
    /// <summary>The terminal's table.</summary>
    public required string Table { get; init; }

    /// <summary><see cref="SyncDirection.Push"/> for central → terminal, <see cref="SyncDirection.Pull"/> for terminal → central.</summary>
    public required SyncDirection Direction { get; init; }

    public required CheckpointState State { get; init; }

    /// <summary>The place: <c>generation/transaction/entry</c> in central's change log, or a timestamp; null where the queue says what is left.</summary>
    public string? Position { get; init; }

    /// <summary>Rows that are still to travel; at least so many when <see cref="IsMore"/>.</summary>
    public long Rows { get; init; }

    public bool IsMore { get; init; }

    /// <summary>Since when the oldest of them waits; null when nothing does, or nobody knows.</summary>
    public DateTimeOffset? Oldest { get; init; }
}
