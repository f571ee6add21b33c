using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Webhooks;
using PayFlow.Admin.Webhooks;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Webhooks;

/// <summary>One delivery: what was sent and what came back, attempt by attempt.</summary>
public sealed partial class DeliveryPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private WebhookRecord? _webhook;
    private DeliveryDetail? _detail;
    private (string Text, long Delivery)? _outcome;
    private SyncException? _failure;
    private bool _isBusy;

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

    private async Task RedeliverAsync()
    {
        if (_isBusy)
            return;
        (_isBusy, _failure, _outcome) = (true, null, null);
        try
        {
            User.RequireAdminister();
            var sent = await Desk.RedeliverAsync(Id, Number, User.Name, Left);
            _outcome = (sent == Number ? "It is sent now." : $"It is sent again as delivery {sent}, with the same event id.", sent);
            await ReloadAsync();
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            _isBusy = false;
        }
    }
}
