namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>A row of <c>payflow.sync_log</c>.</summary>
public sealed record LoggedRun
{
    public required Guid Id { get; init; }

    public string? Terminal { get; init; }

    public required string SyncType { get; init; }

    public required string Direction { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary><c>RUNNING</c>, <c>SYNCED</c>, <c>FAILED</c>, <c>CONFLICT</c> or <c>CANCELLED</c>.</summary>
    public required string Status { get; init; }

    public long Records { get; init; }

    /// <summary>Rows that waited for a decision when it ended; where runs are listed.</summary>
    public long Conflicts { get; init; }

    /// <summary>Rows that one side had refused when it ended; where runs are listed.</summary>
    public long Failed { get; init; }

    /// <summary>A rollback's: the run that it took back.</summary>
    public Guid? Undoes { get; init; }

    /// <summary>The last rollback that took this run back.</summary>
    public Guid? UndoneBy { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }
}
