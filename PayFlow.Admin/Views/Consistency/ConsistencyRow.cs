namespace PayFlow.Admin.Views.Consistency;

/// <summary>A verify, a repair or a rollback in the history.</summary>
public sealed record ConsistencyRow
{
    /// <summary>The job that did it; null for one of the command line's.</summary>
    public long? Job { get; init; }

    /// <summary>The run that it made; null for a verify, and where nothing was done.</summary>
    public Guid? Run { get; init; }

    /// <summary><c>verify</c>, <c>repair</c> or <c>rollback</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>It only said what it would do.</summary>
    public bool IsPreview { get; init; }

    public string? Terminal { get; init; }

    /// <summary>A status for its badge; of a verify that ended: <c>EQUAL</c> or <c>DIFFERENT</c>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who asked for it; null where only the audit knows.</summary>
    public string? Actor { get; init; }

    /// <summary>Rows that differed, or were written.</summary>
    public long? Rows { get; init; }

    public string? Error { get; init; }
}
