namespace PayFlow.Sync.Engine.Terminals;

/// <summary>What a terminal's file says of itself, without central: what it still has to send, and how far it has got.</summary>
public sealed record TerminalView
{
    public required string Path { get; init; }

    /// <summary>The terminal's id.</summary>
    public required string Terminal { get; init; }

    /// <summary>The central that the file belongs to.</summary>
    public required Guid CentralId { get; init; }

    /// <summary>Runs that moved something.</summary>
    public required long Counter { get; init; }

    /// <summary>The last run that moved something; null before the first.</summary>
    public TerminalRun? LastRun { get; init; }

    /// <summary>The queue by priority and status.</summary>
    public IReadOnlyList<QueueCount> Queue { get; init; } = [];

    /// <summary>Every synced table, by name.</summary>
    public IReadOnlyList<TableCheckpoint> Tables { get; init; } = [];

    /// <summary>Entries that central refused or that need a decision, the oldest first; at most as many as were asked for.</summary>
    public IReadOnlyList<StuckRow> Stuck { get; init; } = [];

    /// <summary>Rows that came down and that this terminal refused.</summary>
    public IReadOnlyList<StuckRow> SetAside { get; init; } = [];

    public long Open => Queue.Sum(q => q.Entries);

    public long WaitingForBootstrap => Tables.Sum(t => t.WaitingForBootstrap);
}
