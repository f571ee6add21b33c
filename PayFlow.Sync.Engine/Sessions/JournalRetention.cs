namespace PayFlow.Sync.Engine.Sessions;

/// <summary>How long runs can be rolled back: their journals are removed as a whole, the oldest first, when one of the limits is passed.</summary>
public sealed record JournalRetention
{
    /// <summary>Days in central (<c>SYNC_JOURNAL_DAYS</c>).</summary>
    public int CentralDays { get; init; } = 30;

    /// <summary>Rows noted in central, all terminals together (<c>SYNC_JOURNAL_ROWS</c>); a row with its images takes about one kilobyte, one that was inserted about fifty bytes.</summary>
    public long CentralRows { get; init; } = 5_000_000;

    /// <summary>Days in a terminal's file (<c>SYNC_TERMINAL_JOURNAL_DAYS</c>).</summary>
    public int TerminalDays { get; init; } = 7;

    /// <summary>Entries in a terminal's file (<c>SYNC_TERMINAL_JOURNAL_ENTRIES</c>); a thousand rows of a load are one.</summary>
    public long TerminalEntries { get; init; } = 100_000;
}
