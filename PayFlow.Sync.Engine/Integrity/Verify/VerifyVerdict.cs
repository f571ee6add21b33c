using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>What a second look made of a row that seemed to differ.</summary>
/// <param name="Finding">The row.</param>
/// <param name="Outcome">What it is.</param>
internal sealed record VerifyVerdict(VerifyFinding Finding, VerifyOutcome Outcome)
{
    /// <summary>How it differs, where it does.</summary>
    public DifferenceKind Kind { get; init; }

    /// <summary>Why it is excluded.</summary>
    public string? Reason { get; init; }

    /// <summary>Central's row in the plan's columns; null when there is none.</summary>
    public CellValue[]? Central { get; init; }

    /// <summary>The terminal's row as <see cref="VerifyTable"/> describes it; null when there is none.</summary>
    public CellValue[]? Terminal { get; init; }

    /// <summary>The terminal's own key as the queue spells it.</summary>
    public string? LocalKey { get; init; }

    /// <summary>The columns that differ.</summary>
    public IReadOnlyList<int> Columns { get; init; } = [];
}
