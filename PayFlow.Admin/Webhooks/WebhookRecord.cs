namespace PayFlow.Admin.Webhooks;

/// <summary>Another system that is told of events, without its secret.</summary>
public sealed record WebhookRecord
{
    public required Guid Id { get; init; }

    public required WebhookDraft Draft { get; init; }

    public string Name => Draft.Name;

    public bool IsEnabled { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Null when it was its own failures.</summary>
    public string? DisabledBy { get; init; }

    public string? DisabledReason { get; init; }

    /// <summary>Attempts that failed in a row.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The last time that something arrived.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Until when the secret before counts as well; null when there is none.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    public int Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    /// <summary>As <c>StatusBadge</c> knows it: <c>ACTIVE</c>, <c>FAILING</c>, <c>OFF</c> (by somebody) or <c>SWITCHED-OFF</c> (by its failures).</summary>
    public string Status => !IsEnabled ? DisabledBy is null ? "SWITCHED-OFF" : "OFF" : Failures > 0 ? "FAILING" : "ACTIVE";
}
