namespace PayFlow.Admin.Views.Webhooks;

/// <summary>A delivery in the log.</summary>
internal sealed record DeliveryRow
{
    public required long Id { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    public string? Terminal { get; init; }

    public string? Table { get; init; }

    /// <summary><c>event</c>, <c>test</c> or <c>again</c>.</summary>
    public required string Origin { get; init; }

    public required string State { get; init; }

    public int Attempt { get; init; }

    /// <summary>When it is sent next; of no meaning when it has ended.</summary>
    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it; null for an event.</summary>
    public string? CreatedBy { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What the receiver answered last.</summary>
    public int? Status { get; init; }

    public TimeSpan? Duration { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public bool IsOpen => FinishedAt is null;
}
