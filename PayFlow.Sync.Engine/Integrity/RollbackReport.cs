using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Sync.Engine.Integrity;

/// <summary>What a rollback did, or would do.</summary>
public sealed record RollbackReport
{
    /// <summary>The rollback's own run, by which it can be taken back; null after a dry run.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The run that was taken back.</summary>
    public required LoggedRun Undone { get; init; }

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

    /// <summary>Rows that did not go back.</summary>
    public long LeftCount => Tables.Sum(t => t.Left);
}
