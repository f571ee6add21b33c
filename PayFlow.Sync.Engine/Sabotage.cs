namespace PayFlow.Sync.Engine;

/// <summary>
/// Ways to break the engine on purpose, for the tests that prove that the fault matrix notices. Internal, and set by nothing but the fault runner's own engine process:
/// no configuration and no caller of the library can reach it.
/// </summary>
internal enum Sabotage
{
    None,

    /// <summary>The pair of a terminal row and central's is not written down.</summary>
    SkipLinks,

    /// <summary>The change log is read up to its end, unfinished transactions or not.</summary>
    IgnoreHorizon,

    /// <summary>The place in the log moves in a transaction of its own, before the rows are written.</summary>
    AdvanceFirst,

    /// <summary>A host lets requests of a run that another one has followed work on.</summary>
    IgnoreFence,
}
