using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Webhooks;
using PayFlow.Admin.Webhooks;

namespace PayFlow.Admin.Components.Pages.Webhooks;

/// <summary>One webhook: how it stands, what can be done to it, and the log of its deliveries.</summary>
public sealed partial class WebhookPage
{
    private WebhookRecord? _webhook;
    private Page<DeliveryRow> _deliveries = new Page<DeliveryRow>([], 0);
    private ConfirmDialog _off = null!;
    private ConfirmDialog _rotate = null!;
    private ConfirmDialog _delete = null!;
    private (string Text, long? Delivery)? _outcome;
    private string? _secret;
    private bool _isGone;
    private bool _isToShowNew;
    private long _new;
    private string? _state;
    private string? _type;
    private string? _terminal;
    private string? _table;
    private string? _event;
    private string? _shownUrl;

    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal WebhookDesk Desk { get; set; } = null!;

    [Inject]
    internal DeliveryReader Reader { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "state")]
    private string? StateText { get; set; }

    [SupplyParameterFromQuery(Name = "type")]
    private string? Type { get; set; }

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    [SupplyParameterFromQuery(Name = "event")]
    private string? Event { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    private string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Webhooks | LiveTopic.Deliveries;

    private DeliveryFilter Filter => new()
    {
        State = QueryText.Term(StateText),
        Type = QueryText.Term(Type),
        Terminal = QueryText.Term(Terminal),
        Table = QueryText.Term(Table),
        Event = QueryText.Term(Event),
        Since = QueryText.Instant(Since),
        Until = QueryText.Instant(Until),
    };

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var isMoved = _shownUrl != Navigation.Uri;
        if (isMoved)
            (_shownUrl, _state, _type, _terminal, _table, _event) = (Navigation.Uri, StateText, Type, Terminal, Table, Event);
        _webhook = await Desk.FindAsync(Id, cancellationToken);
        _isGone = _webhook is null;
        var deliveries = await Reader.ListAsync(Id, Filter, Page, cancellationToken);
        // What is looked at does not move: what has come since is offered.
        var shown = _deliveries.Items.Select(d => d.Id).ToHashSet();
        var isSame = isMoved || _isToShowNew || shown.Count == 0 || deliveries.Items.All(d => shown.Contains(d.Id));
        _new = isSame ? 0 : deliveries.Items.Count(d => !shown.Contains(d.Id));
        _deliveries = isSame ? deliveries : deliveries with { Items = [.. await RefreshAsync(deliveries, cancellationToken)] };
        _isToShowNew = false;
    }

    // Those that are shown, as they are now; the reading above has most of them.
    private async Task<IEnumerable<DeliveryRow>> RefreshAsync(Page<DeliveryRow> read, CancellationToken cancellationToken)
    {
        var known = read.Items.ToDictionary(d => d.Id);
        var rows = new List<DeliveryRow>();
        foreach (var row in _deliveries.Items)
            rows.Add(known.GetValueOrDefault(row.Id) ?? (row.IsOpen && await Reader.FindAsync(Id, row.Id, cancellationToken) is { } found ? found.Row : row));
        return rows;
    }

    private Task ShowNewAsync()
    {
        _isToShowNew = true;
        return ReloadAsync();
    }

    private string PageUrl(int number) => Urls.Page(Urls.Webhook(Id, StateText, Type, Terminal, Table, Event, Filter.Since, Filter.Until), number);

    private void Apply() => Navigation.NavigateTo(Urls.Webhook(Id, _state, _type, _terminal?.Trim(), _table?.Trim(), _event?.Trim(), Filter.Since, Filter.Until));

    private Task TestAsync() => AdministerAsync(async () =>
    {
        var delivery = await Desk.TestAsync(Id, User.Name, Left);
        (_outcome, _isToShowNew) = (($"Test {delivery} is on its way.", delivery), true);
    });

    private Task SwitchOnAsync() => AdministerAsync(async () =>
    {
        var on = await Desk.SwitchAsync(Id, isOn: true, null, User.Name, Left);
        _outcome = ($"{on.Name} is on: what waited is sent.", null);
    });

    private async Task SwitchOffAsync(string? reason)
    {
        User.RequireAdminister();
        var off = await Desk.SwitchAsync(Id, isOn: false, reason, User.Name, Left);
        (_outcome, Trouble, _secret) = (($"{off.Name} is off.", null), null, null);
        await ReloadAsync();
    }

    private async Task RotateAsync(string? reason)
    {
        User.RequireAdminister();
        (_secret, _outcome, Trouble) = (await Desk.RotateAsync(Id, reason, User.Name, Left), null, null);
        await ReloadAsync();
    }

    private async Task DeleteAsync(string? reason)
    {
        User.RequireAdminister();
        await Desk.DeleteAsync(Id, reason, User.Name, Left);
        Navigation.NavigateTo(Urls.WebhookList);
    }

    private Task AdministerAsync(Func<Task> work) => ActAsync(async () =>
    {
        _outcome = null;
        User.RequireAdminister();
        await work();
        await ReloadAsync();
    });
}
