namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>Which side a repair believes.</summary>
public enum RepairSource
{
    /// <summary>The terminal gets what central has.</summary>
    Central,

    /// <summary>Central gets what the terminal has; the other terminals hear of it at their next sync.</summary>
    Terminal,
}
