namespace PayFlow.Sync.Engine.Changes;

/// <summary>What became of one uploaded row.</summary>
public enum RowStatus
{
    /// <summary>Central and the terminal agree now.</summary>
    Applied,

    /// <summary>Waits for a decision.</summary>
    Conflict,

    /// <summary>Refused; see the reason.</summary>
    Failed,

    /// <summary>Waits for a parent row.</summary>
    Waits,

    /// <summary>Has no central row, and the map says not to create one.</summary>
    Skipped,
}
