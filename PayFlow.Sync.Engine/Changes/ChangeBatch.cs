namespace PayFlow.Sync.Engine.Changes;

/// <summary>What one upload carries and one PostgreSQL transaction applies. The same <see cref="Id"/> is applied once, however often it arrives.</summary>
public sealed record ChangeBatch
{
    public required Guid Id { get; init; }

    public required Guid RunId { get; init; }

    /// <summary>In the order in which they are to be applied: parents first, deletes last.</summary>
    public required IReadOnlyList<TableSection> Sections { get; init; }

    /// <summary>How far the terminal has seen central's change log.</summary>
    public LogPosition Seen { get; init; }

    /// <summary>The terminal's file was restored from a backup: it may send again what it sent before, and may have given an old key to a new row.</summary>
    public bool IsRestored { get; init; }

    /// <summary>Decide and count, then undo everything.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Made by <see cref="Sealed"/> where the batch is built; a batch without one is not applied.</summary>
    public ulong? Checksum { get; init; }

    /// <summary>The batch with its checksum.</summary>
    public ChangeBatch Sealed() => this with { Checksum = BatchChecksum.Of(this) };

    /// <summary>Checks that the batch is what was sealed.</summary>
    /// <exception cref="SyncException">It is not; nothing of it must be applied. What is sent again may arrive.</exception>
    public void RequireIntact()
    {
        if (Checksum != BatchChecksum.Of(this))
            throw new SyncException(SyncErrorCode.Protocol, $"Batch {Id} was damaged on its way: its checksum is not that of its content", "Nothing of it was applied; it is sent again by itself.") { IsTransient = true };
    }

    public int RowCount => Sections.Sum(s => s.Rows.Count);
}
