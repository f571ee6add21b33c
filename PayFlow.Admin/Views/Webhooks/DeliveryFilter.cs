namespace PayFlow.Admin.Views.Webhooks;

/// <summary>Which deliveries of a webhook; what is null does not matter.</summary>
internal sealed record DeliveryFilter
{
    /// <summary>Every state, in the order of a delivery's life; <see cref="Open"/> and what it stands for besides.</summary>
    public static IReadOnlyList<string> States { get; } = ["WAITING", "RUNNING", "RETRYING", "SUCCEEDED", "FAILED"];

    /// <summary>What is not done yet, whatever its state.</summary>
    public const string Open = "open";

    public string? State { get; init; }

    /// <summary>A type of event.</summary>
    public string? Type { get; init; }

    public string? Terminal { get; init; }

    public string? Table { get; init; }

    /// <summary>An event's id.</summary>
    public string? Event { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool IsEmpty => this == new DeliveryFilter();
}
