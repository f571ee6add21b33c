using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>What a rollback did, or would do.</summary>
public sealed record RollbackReport
{
    /// <summary>The rollback's own run, by which it can be taken back; null after a dry run.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The run that was taken back.</summary>
    public required LoggedRun Undone { get; init; }

    /// <summary>The rollback that had taken the run back before; null when this is the first.</summary>
    public Guid? Earlier { get; init; }

    /// <summary>The till's file; null when it could not be reached.</summary>
    public string? TerminalPath { get; init; }

    public bool IsDryRun { get; init; }

    /// <summary>Tables in which there was something to do, central's first.</summary>
    public IReadOnlyList<RollbackTable> Tables { get; init; } = [];

    /// <summary>The first rows that did not go back.</summary>
    public IReadOnlyList<RollbackLeft> Left { get; init; } = [];

    public TerminalPart TerminalPart { get; init; }

    /// <summary>What the administrator should know besides: why the terminal's part waits, and what follows for the tills.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Rows that went back.</summary>
    public long Moved => Tables.Sum(t => t.Moved);

    /// <summary>Rows that went back at the till while central keeps what it has.</summary>
    public long Apart => Tables.Sum(t => t.Apart);

    /// <summary>Whether there was nothing to do because an earlier rollback had done it all.</summary>
    public bool WasBack => Earlier is not null && Moved == 0 && LeftCount == 0 && TerminalPart is not (TerminalPart.Waits or TerminalPart.Pruned);

    /// <summary>Rows that did not go back.</summary>
    public long LeftCount => Tables.Sum(t => t.Left);
}
