using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Webhooks;

/// <summary>What the audit keeps of a change of a webhook; never its secret, and of its address only the host: everybody who is signed in reads the audit.</summary>
internal static class WebhookAudit
{
    public static AuditRow Of(string action, string actor, string? reason, WebhookRecord? before, WebhookRecord? after, object? more = null) => new()
    {
        Actor = actor,
        Action = action,
        Key = (after ?? before)!.Id.ToString(),
        Detail = AuditLog.Detail(new { reason, name = (after ?? before)!.Name, before = Picture(before), after = Picture(after), isAddressChanged = before is not null && after is not null && before.Draft.Url != after.Draft.Url ? true : (bool?)null, more }),
    };

    private static object? Picture(WebhookRecord? webhook) => webhook is null ? null : new { webhook.Name, Url = WebhookAddress.Place(webhook.Draft.Url), webhook.Draft.Events, webhook.Draft.Terminals, webhook.Draft.Tables, enabled = webhook.IsEnabled };
}
