namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Whether a registered terminal takes part.</summary>
public enum TerminalState
{
    Active,

    /// <summary>Kept for its history; neither synced nor waited for when the change log is pruned.</summary>
    Detached,
}
