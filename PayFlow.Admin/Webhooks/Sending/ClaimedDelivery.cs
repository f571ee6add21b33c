namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>A delivery that this host sends.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Webhook">To whom.</param>
/// <param name="Claim">Only its holder may say how it went.</param>
/// <param name="EventId">The value of <c>webhook-id</c>.</param>
/// <param name="Body">As it is sent.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="IsTest">It is tried once, and says nothing about the webhook.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secrets">As they are stored; the one before as long as it counts.</param>
/// <param name="IsTakenOver">Another host has begun it and not said how it went.</param>
internal sealed record ClaimedDelivery(long Id, Guid Webhook, Guid Claim, string EventId, string Body, int Attempt, bool IsTest, string Url, IReadOnlyList<string> Secrets, bool IsTakenOver);
