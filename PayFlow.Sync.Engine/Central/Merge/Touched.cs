namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>How to know whether somebody else has changed a row since the terminal saw it last, where no before-image says so.</summary>
internal enum Touched
{
    Unknown,

    /// <summary>The change log has entries of others behind the place that the terminal has read.</summary>
    ByLog,

    /// <summary>The row's timestamp is newer than what the terminal has read, and not the terminal's own.</summary>
    ByStamp,

    /// <summary>Nobody else changes the table.</summary>
    Never,
}
