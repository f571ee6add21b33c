namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>What a checkpoint says.</summary>
public enum CheckpointState
{
    /// <summary>Changes are followed.</summary>
    Following,

    /// <summary>The map has the table, and no run has met it yet.</summary>
    Never,

    /// <summary>Its rows come down for the first time, or again, from the start.</summary>
    Loading,

    /// <summary>Rows from before wait to be compared, by bootstrap.</summary>
    WaitsForBootstrap,

    /// <summary>All of the terminal's rows are compared by the next run, unasked.</summary>
    Comparing,
}
