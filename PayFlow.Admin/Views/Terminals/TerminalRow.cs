using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Runs;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A terminal in the list.</summary>
public sealed record TerminalRow
{
    public required TerminalRecord Record { get; init; }

    public string Id => Record.Id;

    public required TerminalStanding Standing { get; init; }

    /// <summary>Its last sync.</summary>
    public RunRow? LastRun { get; init; }

    /// <summary>Entries of its queue by status, as it last reported them.</summary>
    public IReadOnlyDictionary<string, long> Queue { get; init; } = new Dictionary<string, long>();

    /// <summary>Conflicts of it that wait for a decision in central.</summary>
    public long Conflicts { get; init; }

    /// <summary>What its last comparison with central proved, whatever its badge says first; null when nothing.</summary>
    public ProvenDifference? Different { get; init; }

    /// <summary>Central's changes that it has not read yet; at least so many when <see cref="IsLagMore"/>.</summary>
    public long LagRows { get; init; }

    public bool IsLagMore { get; init; }

    /// <summary>Since when the oldest of them waits.</summary>
    public DateTimeOffset? LagSince { get; init; }
}
