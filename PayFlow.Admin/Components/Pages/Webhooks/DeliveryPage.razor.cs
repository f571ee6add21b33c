using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Webhooks;
using PayFlow.Admin.Webhooks;

namespace PayFlow.Admin.Components.Pages.Webhooks;

/// <summary>One delivery: what was sent and what came back, attempt by attempt.</summary>
public sealed partial class DeliveryPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private WebhookRecord? _webhook;
    private DeliveryDetail? _detail;
    private (string Text, long Delivery)? _outcome;

    [Parameter]
    public Guid Id { get; set; }

    [Parameter]
    public long Number { get; set; }

    [Inject]
    internal WebhookDesk Desk { get; set; } = null!;

    [Inject]
    internal DeliveryReader Reader { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Webhooks | LiveTopic.Deliveries;

    private protected override async Task LoadAsync(CancellationToken cancellationToken) =>
        (_webhook, _detail) = (await Desk.FindAsync(Id, cancellationToken), await Reader.FindAsync(Id, Number, cancellationToken));

    private static string Pretty(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), Indented);

    private static string Headers(IReadOnlyDictionary<string, string> headers) => string.Join('\n', headers.Select(h => $"{h.Key.ToLowerInvariant()}: {h.Value}"));

    private Task RedeliverAsync() => ActAsync(async () =>
    {
        _outcome = null;
        User.RequireAdminister();
        var sent = await Desk.RedeliverAsync(Id, Number, User.Name, Left);
        _outcome = (sent == Number ? "It is sent now." : $"It is sent again as delivery {sent}, with the same event id.", sent);
        await ReloadAsync();
    });
}
