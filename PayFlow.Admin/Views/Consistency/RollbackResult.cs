using PayFlow.Admin.Jobs;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Integrity.Rollbacks;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>What a rollback did, or would do.</summary>
public sealed record RollbackResult
{
    /// <summary>The run that is taken back.</summary>
    public required Guid Run { get; init; }

    /// <summary>The rollback's own run; null for a preview.</summary>
    public Guid? Rollback { get; init; }

    public bool DryRun { get; init; }

    public string? Terminal { get; init; }

    /// <summary>Rows that go back.</summary>
    public long Moved { get; init; }

    /// <summary>Rows that go back on one side while the other keeps what it has, and no sync tells it.</summary>
    public long Apart { get; init; }

    /// <summary>The rollback that has taken the run back before.</summary>
    public Guid? Earlier { get; init; }

    /// <summary>Rows that stay.</summary>
    public long LeftCount { get; init; }

    /// <summary><c>nothing</c>, <c>done</c>, <c>waits</c> or <c>pruned</c>.</summary>
    public string TerminalPart { get; init; } = "nothing";

    public IReadOnlyList<RollbackResultTable> Tables { get; init; } = [];

    public IReadOnlyList<RollbackResultLeft> Left { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    public long Deleted => Tables.Sum(t => t.Deleted);

    /// <summary>The same that a job keeps of it.</summary>
    internal static RollbackResult Of(RollbackReport report) => JobJson.ReadResult<RollbackResult>(JobJson.WriteResult(RollbackText.Json(report)));
}
