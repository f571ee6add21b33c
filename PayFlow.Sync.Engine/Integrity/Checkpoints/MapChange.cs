namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>What a change of the map, or of a terminal's attributes, does to a table of a terminal.</summary>
public enum MapChange
{
    /// <summary>It goes on as it does.</summary>
    None,

    /// <summary>It begins to be synced.</summary>
    Begins,

    /// <summary>It is no longer synced.</summary>
    Stops,

    /// <summary>It goes on, and rows are read again.</summary>
    Rereads,
}
