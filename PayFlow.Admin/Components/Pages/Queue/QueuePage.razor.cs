using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Queue;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Components.Pages.Queue;

/// <summary>What a terminal still has to send, and what it could not take: one terminal at a time.</summary>
public sealed partial class QueuePage
{
    private readonly Selection<QueueRowId> _selection = new();
    private QueueView _view = QueueView.Empty;
    private QueueActionResult? _result;
    private ConfirmDialog? _requeue;
    private DiscardDialog? _discard;
    private string? _shownUrl;
    private string? _restoredUrl;
    private string? _status;
    private string? _table;
    private string? _key;

    [Inject]
    internal QueueReader Reader { get; set; } = null!;

    [Inject]
    internal QueueActions Actions { get; set; } = null!;

    [Inject]
    internal ConsoleUser Who { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "status")]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    [SupplyParameterFromQuery(Name = "key")]
    private string? KeyText { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    [SupplyParameterFromQuery(Name = "sel")]
    private string? Selected { get; set; }

    // A run moves what waits; what the POS program does meanwhile nobody tells.
    private protected override LiveTopic Topics => LiveTopic.Runs | LiveTopic.Terminals;

    private QueueQuery Query => new() { Terminal = Terminal, Status = Status, Table = Table, Key = KeyText };

    private PageRequest Page => PageRequest.Of(Number);

    private string? Forbidden => Who.CanOperate ? null : ConsoleUser.OperateReason;

    private bool IsWholePage => _view.Rows.Items.Count > 0 && _view.Rows.Items.All(r => _selection.Has(Id(r)));

    private string Rows
    {
        get
        {
            var count = _selection.Count(_view.Rows.Total);
            return count == 1 ? "1 row" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} rows";
        }
    }

    private QueueFilter Chosen => _selection.IsAll ? Query.Filter : new QueueFilter { Rows = [.. _selection.Ticked] };

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
        {
            _shownUrl = Navigation.Uri;
            (_status, _table, _key, _result) = (Status, Table, KeyText, null);
            _selection.Clear();
        }
        _view = await Reader.ReadAsync(Query, Page, cancellationToken);
        if (_restoredUrl == Navigation.Uri)
            return;
        _restoredUrl = Navigation.Uri;
        _selection.Restore(Selected, SelectionText.Texts(Selected), _view.Rows.Items.Select(Id), Text);
    }

    private static string Text(QueueRowId id) => $"{(id.IsAside ? "~" : null)}{id.Table}/{id.Key}";

    private static QueueRowId Id(QueuedRow row) => new(row.Table, row.Key, row.Status == QueueFilter.SetAside);

    private static string Counted(QueuedTerminal terminal)
    {
        if (terminal.Total == 0)
            return "nothing waits";
        var others = terminal.Total - terminal.Failed;
        var failed = terminal.Failed > 0 ? $"{terminal.Failed.ToString("N0", CultureInfo.InvariantCulture)} failed" : null;
        return string.Join(", ", new[] { failed, others > 0 ? $"{others.ToString("N0", CultureInfo.InvariantCulture)} waiting" : null }.OfType<string>());
    }

    private string PageUrl(int number) => Urls.Page(Urls.Queue(_view.Chosen?.Id, Status, Table, KeyText), number);

    private void Apply() => Navigation.NavigateTo(Urls.Queue(_view.Chosen?.Id, _status, _table, _key?.Trim()));

    private async Task RequeueAsync(string? reason)
    {
        Who.RequireOperate();
        await ShowResultAsync(await Actions.RequeueAsync(_view.Chosen!.Id, Chosen, Who.Name, reason, Left));
    }

    private Task AskDiscardAsync() => _discard!.ShowAsync();

    private async Task ShowResultAsync(QueueActionResult result)
    {
        _result = result;
        _selection.Clear();
        await ReloadAsync();
    }
}
