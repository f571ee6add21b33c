namespace PayFlow.Admin.Views.Webhooks;

/// <summary>Which webhooks; what is null does not matter.</summary>
/// <param name="Text">Part of the name or the address.</param>
/// <param name="Status">As in <see cref="Admin.Webhooks.WebhookRecord.Status"/>.</param>
/// <param name="Event">A type of event that it is told.</param>
internal sealed record WebhookFilter(string? Text = null, string? Status = null, string? Event = null)
{
    public static IReadOnlyList<string> Statuses { get; } = ["ACTIVE", "FAILING", "SWITCHED-OFF", "OFF"];

    public bool IsEmpty => this == new WebhookFilter();
}
