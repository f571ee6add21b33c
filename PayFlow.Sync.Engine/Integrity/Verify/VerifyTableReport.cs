namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>What the comparison of one table found; every row that either side has is in exactly one of the counts.</summary>
public sealed record VerifyTableReport
{
    public required string Table { get; init; }

    /// <summary>Why the table was not compared, in words; null when it was.</summary>
    public string? NotCompared { get; init; }

    public long Equal { get; init; }

    public long MissingInTerminal { get; init; }

    public long MissingInCentral { get; init; }

    public long Different { get; init; }

    /// <summary>Rows of which a change is on its way, or that wait for a decision: they are settled by the next syncs, not by a repair.</summary>
    public long InFlight { get; init; }

    /// <summary>Rows that are meant to be on one side only, by the reason in words.</summary>
    public IReadOnlyDictionary<string, long> Excluded { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<VerifySample> Samples { get; init; } = [];

    public long Differences => MissingInTerminal + MissingInCentral + Different;

    /// <summary>Rows looked at.</summary>
    public long Rows => Equal + Differences + InFlight + Excluded.Values.Sum();
}
