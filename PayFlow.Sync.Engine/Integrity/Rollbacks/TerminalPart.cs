namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>What became of the terminal's part of a rollback.</summary>
public enum TerminalPart
{
    /// <summary>The run wrote nothing into the terminal's rows.</summary>
    Nothing,

    Done,

    /// <summary>The file cannot be reached from here: the rollback is to be called again where it can.</summary>
    Waits,

    /// <summary>The terminal no longer has the journal of the run.</summary>
    Pruned,
}
