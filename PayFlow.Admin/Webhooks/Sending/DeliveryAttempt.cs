namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>What was sent and what came back.</summary>
internal sealed record DeliveryAttempt
{
    public required DateTimeOffset At { get; init; }

    public required TimeSpan Duration { get; init; }

    public IReadOnlyDictionary<string, string> RequestHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when nothing came back.</summary>
    public int? Status { get; init; }

    public IReadOnlyDictionary<string, string>? ResponseHeaders { get; init; }

    /// <summary>Its beginning.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>There was more of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>Why it does not count as delivered; null when it does.</summary>
    public string? Error { get; init; }

    public string? Hint { get; init; }

    /// <summary>When the receiver wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsDelivered => Error is null;

    /// <summary>The receiver wants no more, ever.</summary>
    public bool IsGone => Status == 410;
}
