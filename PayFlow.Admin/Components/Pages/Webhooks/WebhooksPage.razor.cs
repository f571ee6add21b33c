using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Webhooks;
using PayFlow.Admin.Webhooks;

namespace PayFlow.Admin.Components.Pages.Webhooks;

/// <summary>All webhooks: whether they work, what waits for them, what was given up.</summary>
public sealed partial class WebhooksPage
{
    /// <summary>Counting stops there.</summary>
    private const long Most = 10_000;

    private Page<WebhookRow> _webhooks = new Page<WebhookRow>([], 0);
    private string? _text;
    private string? _status;
    private string? _event;
    private string? _shownUrl;

    [Inject]
    internal WebhookReader Reader { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "text")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "status")]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "event")]
    private string? Event { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Webhooks | LiveTopic.Deliveries;

    private WebhookFilter Filter => new(QueryText.Term(Text), QueryText.Term(Status), QueryText.Term(Event));

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
            (_shownUrl, _text, _status, _event) = (Navigation.Uri, Text, Status, Event);
        _webhooks = await Reader.ListAsync(Filter, cancellationToken);
    }

    private void Apply() => Navigation.NavigateTo(Urls.Webhooks(_text?.Trim(), _status, _event));

    private static string Count(long count) => count > Most ? "10,000+" : count.ToString("N0", CultureInfo.InvariantCulture);

    private string Address(WebhookRecord webhook) => User.CanAdminister ? webhook.Draft.Url : WebhookAddress.Place(webhook.Draft.Url);

    private static string? Limits(WebhookDraft draft) =>
        draft.Terminals is null && draft.Tables is null ? null : $"only {string.Join(" and ", new[] { Names(draft.Terminals, "terminal"), Names(draft.Tables, "table") }.OfType<string>())}";

    private static string? Names(IReadOnlyList<string>? names, string what) => names switch
    {
        null => null,
        [var one] => $"{what} {one}",
        { Count: <= 3 } => $"{what}s {string.Join(", ", names)}",
        _ => $"{names.Count} {what}s",
    };
}
