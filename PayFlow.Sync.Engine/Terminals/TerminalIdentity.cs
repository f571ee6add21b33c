namespace PayFlow.Sync.Engine.Terminals;

/// <summary>What a terminal's file knows of itself: the one row of <c>payflow_state</c>.</summary>
internal sealed record TerminalIdentity
{
    public required string TerminalId { get; init; }

    public required Guid CentralId { get; init; }

    /// <summary>Given by central at registration; a terminal registered anew has another one.</summary>
    public required Guid Lineage { get; init; }

    /// <summary>Runs that moved something, counted on both sides.</summary>
    public long Counter { get; init; }

    /// <summary>Made anew each time the counter advances: the same number with another nonce is another history.</summary>
    public Guid? Nonce { get; init; }

    /// <summary>The advance that was announced to central and perhaps not confirmed.</summary>
    public long? PendingCounter { get; init; }

    public Guid? PendingNonce { get; init; }

    /// <summary>Which side was restored from a backup, as long as a full run has not caught up with it: <c>terminal</c>, <c>central</c> or null.</summary>
    public string? Restored { get; init; }
}
