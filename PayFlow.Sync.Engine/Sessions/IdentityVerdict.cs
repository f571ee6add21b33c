namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What the counters of both sides say of a terminal's file.</summary>
internal enum IdentityVerdict
{
    Same,

    /// <summary>Older than central knows it, in the same place: it was restored from a backup and catches up.</summary>
    RestoredTerminal,

    /// <summary>Newer than central knows it: central was restored to an earlier point, and the terminal sends again what was lost.</summary>
    RestoredCentral,

    /// <summary>Two files with one history.</summary>
    Copied,
}
