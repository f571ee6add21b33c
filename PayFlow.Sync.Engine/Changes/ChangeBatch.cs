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

    public int RowCount => Sections.Sum(s => s.Rows.Count);
}
