using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Queue;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Components.Pages.Queue;

/// <summary>One row that waits: its values, why it waits, and what can be done about it.</summary>
public sealed partial class QueueEntryPage
{
    private QueueEntryView? _view;
    private QueueActionResult? _result;
    private DiscardDialog? _discard;
    private Dictionary<string, string?> _draft = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyDictionary<string, string> _faults = new Dictionary<string, string>();
    private string? _shown;
    private string? _reason;
    private string? _reasonFault;
    private bool _isEditing;

    [Parameter]
    public string Terminal { get; set; } = string.Empty;

    [Parameter]
    public string Table { get; set; } = string.Empty;

    [SupplyParameterFromQuery(Name = "key")]
    private string? KeyText { get; set; }

    [Inject]
    internal QueueReader Reader { get; set; } = null!;

    [Inject]
    internal QueueActions Actions { get; set; } = null!;

    [Inject]
    internal ConsoleUser Who { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Runs | LiveTopic.Terminals;

    private string Key => KeyText ?? string.Empty;

    private string? Forbidden => Who.CanOperate ? null : ConsoleUser.OperateReason;

    private QueueFilter Only => new() { Rows = [new QueueRowId(_view!.Detail.Entry.Table, _view.Detail.Entry.Key, _view.Detail.Entry.Status == QueueFilter.SetAside)] };

    private string? RequeueObstacle => Forbidden ?? _view!.Detail.Entry.Status switch
    {
        "SYNCING" => "It is on its way to central: sync the terminal first.",
        "CONFLICT" => "It is in conflict, which is decided in central.",
        _ => null,
    };

    private string? DiscardObstacle => RequeueObstacle ?? (IsAside ? "It came from central, so there is no change of the terminal's to give up." : null);

    private string? EditObstacle => Forbidden ?? (_view!.Detail.Entry.Status == "SYNCING" ? RequeueObstacle
        : IsAside ? "It was set aside on its way down: change the row of the terminal that is in its way; each sync tries it again."
        : _view.Detail.Row is null ? "The terminal has deleted the row: there is nothing to edit."
        : _view.Columns.Count == 0 ? "The table is not synced any more." : null);

    private bool IsAside => _view!.Detail.Entry.Status == QueueFilter.SetAside;

    // Only what is another text than the row's own: a till's number must not be rounded because somebody looked at it.
    private Dictionary<string, string?> Changed => _draft.Where(d => d.Value != Text(Cell(_view!.Detail.Row, d.Key))).ToDictionary(d => d.Key, d => d.Value, StringComparer.OrdinalIgnoreCase);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var name = $"{Terminal}/{Table}/{Key}";
        if (_shown != name)
            (_shown, _view, _result, Trouble, _isEditing) = (name, null, null, null, false);
        try
        {
            _view = await Reader.ShowAsync(Terminal, Table, Key, cancellationToken);
        }
        catch (SyncException) when (_result is not null)
        {
            // It went because of what was just done, which is what the page says then.
            _view = null;
            throw;
        }
    }

    private static CellValue? Cell(IReadOnlyDictionary<string, CellValue>? row, string name) => row is not null && row.TryGetValue(name, out var value) ? value : null;

    private static string? Text(CellValue? value) => value is { IsNull: false } some ? some.ToString() : null;

    private bool IsChanged(string name) => Cell(_view!.Detail.Base, name) is { } was && Cell(_view.Detail.Row, name) is { } now && was != now;

    private void Edit()
    {
        _draft = _view!.Columns.Where(c => c is { IsKey: false, IsComputedAtTerminal: false }).ToDictionary(c => c.Name, c => Text(Cell(_view.Detail.Row, c.Name)), StringComparer.OrdinalIgnoreCase);
        (_isEditing, _faults, _reason) = (true, new Dictionary<string, string>(), null);
    }

    private void Type(string name, string? text) => _draft[name] = text;

    private Task SaveAsync() => OperateAsync(async () =>
    {
        var changed = Changed;
        if (!_isEditing || changed.Count == 0 || (_reasonFault = ReasonText.Fault(_reason)) is not null)
            return;
        _faults = await Actions.EditAsync(Terminal, Table, Key, changed, Who.Name, ReasonText.Of(_reason), Left);
        if (_faults.Count > 0)
            return;
        _isEditing = false;
        _result = new QueueActionResult([$"{Table}/{Key} is changed at the terminal and due at the next sync"], []);
    });

    private Task RequeueAsync() => OperateAsync(async () => _result = await Actions.RequeueAsync(Terminal, Only, Who.Name, null, Left));

    private async Task ShowResultAsync(QueueActionResult result)
    {
        _result = result;
        await ReloadAsync();
    }

    private async Task OperateAsync(Func<Task> act)
    {
        await ActAsync(() =>
        {
            Who.RequireOperate();
            return act();
        });
        await ReloadAsync();
    }
}
