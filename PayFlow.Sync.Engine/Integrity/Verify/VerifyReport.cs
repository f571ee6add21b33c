namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>What a comparison of a terminal with central found.</summary>
public sealed record VerifyReport
{
    public required string Terminal { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Every table asked for, parents first.</summary>
    public required IReadOnlyList<VerifyTableReport> Tables { get; init; }

    public long Differences => Tables.Sum(t => t.Differences);

    public long Rows => Tables.Sum(t => t.Rows);

    /// <summary>No difference was found in what was compared.</summary>
    public bool IsEqual => Differences == 0;
}
