using PayFlow.Admin.Webhooks;

namespace PayFlow.Admin.Views.Webhooks;

/// <summary>A webhook in the list.</summary>
/// <param name="Webhook">What it is.</param>
/// <param name="Waiting">Deliveries that are not sent yet.</param>
/// <param name="Failed">Deliveries that were given up and are still kept.</param>
/// <param name="LastAt">When something was last tried; null when nothing ever was.</param>
/// <param name="LastState">How the last delivery stands.</param>
internal sealed record WebhookRow(WebhookRecord Webhook, long Waiting, long Failed, DateTimeOffset? LastAt, string? LastState);
