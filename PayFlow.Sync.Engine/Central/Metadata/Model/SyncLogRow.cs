namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.sync_log</c>: one run.</summary>
public sealed class SyncLogRow
{
    public Guid Id { get; set; }

    public string? TerminalId { get; set; }

    /// <summary>What started it: <c>manual</c>, <c>schedule</c>, <c>bootstrap</c>…</summary>
    public required string SyncType { get; set; }

    public required string Direction { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary><c>RUNNING</c>, <c>SYNCED</c>, <c>FAILED</c>, <c>CONFLICT</c> or <c>CANCELLED</c>.</summary>
    public required string Status { get; set; }

    public long RecordsCount { get; set; }

    public long Conflicts { get; set; }

    public long Failed { get; set; }

    public long Waiting { get; set; }

    public string? ErrorMessage { get; set; }

    public string? Hint { get; set; }

    public string? Host { get; set; }

    /// <summary>The terminal's counter after the run.</summary>
    public long? Counter { get; set; }

    /// <summary>A rollback's: the run that it took back.</summary>
    public Guid? Undoes { get; set; }

    /// <summary>Since when the run's journal is gone, so that it cannot be rolled back.</summary>
    public DateTimeOffset? JournalPrunedAt { get; set; }

    public List<SyncLogTableRow> Tables { get; set; } = [];
}
