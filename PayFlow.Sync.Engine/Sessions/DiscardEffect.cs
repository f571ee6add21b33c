namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What giving up a change does to the terminal's row.</summary>
public enum DiscardEffect
{
    /// <summary>It becomes what central has.</summary>
    Restored,

    /// <summary>Central never had it, or no longer has it: it goes; its image stays in the audit.</summary>
    Removed,

    /// <summary>Neither side has it: only the entry goes.</summary>
    Closed,

    /// <summary>It cannot be given up.</summary>
    Refused,
}
