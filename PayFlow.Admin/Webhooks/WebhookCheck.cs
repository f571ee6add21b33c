namespace PayFlow.Admin.Webhooks;

/// <summary>What is wrong with a draft, field by field.</summary>
internal static class WebhookCheck
{
    private const int MaxName = 100;

    public static IReadOnlyList<WebhookError> Check(WebhookDraft draft, WebhookSettings settings)
    {
        var errors = new List<WebhookError>();
        void Wrong(string field, string message) => errors.Add(new WebhookError(field, message));

        if (string.IsNullOrWhiteSpace(draft.Name))
            Wrong(nameof(draft.Name), "Give it a name, such as bookkeeping.");
        else if (draft.Name.Trim().Length > MaxName || draft.Name.Any(char.IsControl))
            Wrong(nameof(draft.Name), $"Use 1 to {MaxName} characters, none of them a control character.");
        if (WebhookAddress.Fault(draft.Url, settings) is { } fault)
            Wrong(nameof(draft.Url), fault);
        if (draft.Events.Count == 0)
            Wrong(nameof(draft.Events), "Choose what it is to be told.");
        else if (draft.Events.FirstOrDefault(e => WebhookEvent.All.All(known => known.Type != e)) is { } unknown)
            Wrong(nameof(draft.Events), $"There is no event {unknown}.");
        if (draft.Terminals is { Count: 0 })
            Wrong(nameof(draft.Terminals), "Choose a terminal, or all of them.");
        if (draft.Tables is { Count: 0 })
            Wrong(nameof(draft.Tables), "Choose a table, or all of them.");
        return errors;
    }
}
