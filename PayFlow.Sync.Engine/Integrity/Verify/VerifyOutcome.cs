namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>What a row that seemed to differ turned out to be.</summary>
internal enum VerifyOutcome
{
    Equal,

    /// <summary>Neither side has it any more.</summary>
    Gone,

    /// <summary>A change of it is on its way, or waits for a decision.</summary>
    InFlight,

    /// <summary>It is meant to be on one side only.</summary>
    Excluded,

    Differs,
}
