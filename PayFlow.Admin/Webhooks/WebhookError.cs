namespace PayFlow.Admin.Webhooks;

/// <summary>What is wrong with a field of a <see cref="WebhookDraft"/>.</summary>
/// <param name="Field">The property's name, such as <c>Url</c>.</param>
/// <param name="Message">The reason and the remedy, in one sentence.</param>
public sealed record WebhookError(string Field, string Message);
