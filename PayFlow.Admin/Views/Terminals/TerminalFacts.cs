using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Runs;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>What the judgement of a terminal rests on.</summary>
public sealed record TerminalFacts
{
    public bool IsDetached { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Its last sync; work by hand on single rows is none.</summary>
    public RunRow? LastRun { get; init; }

    /// <summary>Entries of its queue when it was last seen.</summary>
    public long Open { get; init; }

    /// <summary>Rows that wait for bootstrap.</summary>
    public long Waiting { get; init; }

    /// <summary>What its last comparison with central proved; null when nothing, or when it was repaired since.</summary>
    public ProvenDifference? Different { get; init; }
}
