namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>What is to be compared.</summary>
public sealed record VerifyRequest
{
    /// <summary>Terminal tables; all that are synced when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }

    /// <summary>Differences to show per table.</summary>
    public int Samples { get; init; } = 5;
}
