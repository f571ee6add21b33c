namespace PayFlow.Admin.Views.Runs;

/// <summary>A run in the list.</summary>
public sealed record RunRow
{
    public required Guid Id { get; init; }

    public string? Terminal { get; init; }

    /// <summary>Why it ran: <c>schedule</c>, <c>manual</c>, <c>api</c>, <c>bootstrap</c>, <c>repair</c>, <c>rollback</c>, …</summary>
    public required string Trigger { get; init; }

    /// <summary><c>both</c>, <c>push</c> or <c>pull</c>.</summary>
    public required string Direction { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public required string Status { get; init; }

    public long Rows { get; init; }

    public long Conflicts { get; init; }

    public long Failed { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public string? Host { get; init; }

    /// <summary>How long it took, or has taken so far.</summary>
    public TimeSpan Duration(DateTimeOffset now) => (CompletedAt ?? now) - StartedAt;
}
