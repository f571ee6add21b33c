using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Components.Pages.Conflicts;

/// <summary>One conflict side by side, and the decision about it.</summary>
public sealed partial class ConflictPage : IAsyncDisposable
{
    private const string Module = "./Components/Pages/Conflicts/ConflictPage.razor.js";

    private ConflictView? _view;
    private ConflictEditor? _editor;
    private DiffEditor? _diff;
    private ResolutionOutcome? _outcome;
    private SyncException? _failure;
    private string? _reason;
    private string? _reasonFault;
    private string? _focus;
    private bool _hasToFocus;
    private IJSObjectReference? _keys;
    private DotNetObjectReference<ConflictPage>? _self;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    internal ConflictReader Reader { get; set; } = null!;

    [Inject]
    internal ConflictSaving Saving { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    [Inject]
    internal ConsoleUser Who { get; set; } = null!;

    [CascadingParameter]
    internal ShownZone Zone { get; set; } = ShownZone.Utc;

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? StateText { get; set; }

    [SupplyParameterFromQuery(Name = "key")]
    private string? KeyText { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "order")]
    private string? Order { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Conflicts;

    private bool IsSaving { get; set; }

    private ConflictQuery Query => new() { Terminal = Terminal, Table = Table, Kind = Kind, State = StateText, Key = KeyText, Since = QueryText.Instant(Since), Order = Order };

    private string? Forbidden => Who.CanOperate ? null : ConsoleUser.OperateReason;

    private string TerminalSide => $"{_view!.TerminalName}, {Zone.Clock(_view.Detail.UpdatedAt ?? _view.Detail.DetectedAt)}";

    private string CentralSide => _view!.Detail.Kind == ConflictKind.Unique ? $"Central's row {_view.Detail.OtherKey}, as read at {Zone.Clock(_view.ReadAt)}" : _view.Detail.ResolvedAt is { } at ? $"Central, {Zone.Clock(at)}" : $"Central, as read at {Zone.Clock(_view.ReadAt)}";

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Reader.ShowAsync(Id, Query, cancellationToken);
        if (_editor?.Conflict.Id != Id)
            (_editor, _outcome, _failure, _reason) = (new ConflictEditor(_view.Detail), null, null, null);
        else if (!IsSaving)
            _editor.Refresh(_view.Detail);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                _self = DotNetObjectReference.Create(this);
                await using var module = await Script.InvokeAsync<IJSObjectReference>("import", Module);
                _keys = await module.InvokeAsync<IJSObjectReference>("start", _self);
            }
            if (_hasToFocus && _focus is { } id)
            {
                _hasToFocus = false;
                await Script.InvokeVoidAsync("payflow.focus", $"#{id}");
            }
        }
        catch (JSDisconnectedException)
        {
            // The tab was closed while the page came up.
        }
    }

    /// <summary>A key was pressed outside of inputs.</summary>
    /// <param name="action">What it stands for.</param>
    [JSInvokable]
    public async Task OnKey(string action)
    {
        if (_view is null || _editor is null)
            return;
        switch (action)
        {
            case "next" or "previous":
                GoTo(action == "next" ? _view.Next : _view.Previous, action);
                break;
            case "up" or "down":
                _editor.Move(action == "up" ? -1 : 1);
                FocusOn($"field-{_editor.CurrentIndex}");
                break;
            case "terminal" or "central" when _diff is not null:
                await _diff.TakeAsync(action == "terminal");
                break;
            case "edit" when _diff is not null:
                if (await _diff.EditAsync() is { } input)
                    FocusOn(input);
                break;
            case "close" when _editor.Current is { } field:
                ConflictEditor.Close(field);
                break;
            case "save":
                await SaveAsync();
                break;
        }
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            if (_keys is not null)
            {
                await _keys.InvokeVoidAsync("stop");
                await _keys.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its listeners with it.
        }
        _self?.Dispose();
    }

    private void GoTo(long? id, string word)
    {
        if (id is { } there)
            Navigation.NavigateTo(Urls.Conflict(there, Query));
        else
            _ = _diff?.SayAsync($"There is no {word} conflict in this list.");
    }

    private void FocusOn(string id) => (_focus, _hasToFocus) = (id, true);

    private async Task ReadTypedAsync()
    {
        try
        {
            _failure = null;
            await Saving.ReadTypedAsync(_editor!, Left);
        }
        catch (Exception e) when (e is SyncException or Npgsql.NpgsqlException or TimeoutException)
        {
            // What was typed stays; saving has it read again.
            _failure = Failures.Translate(e);
        }
    }

    private async Task SaveAsync()
    {
        if (IsSaving || _editor is not { IsReadOnly: false } editor)
            return;
        _reasonFault = ReasonText.Fault(_reason);
        if ((Forbidden ?? editor.Obstacle ?? (_reasonFault is null ? null : "the reason cannot be kept")) is { } obstacle)
        {
            if (_diff is not null)
                await _diff.SayAsync($"Not saved: {obstacle}.");
            return;
        }
        (IsSaving, _failure) = (true, null);
        StateHasChanged();
        try
        {
            Who.RequireOperate();
            var result = await Saving.ExecuteAsync(editor, Who.Name, ReasonText.Of(_reason), Left);
            (_outcome, _failure) = (result.Outcome, result.Failure);
        }
        catch (Exception e) when (e is SyncException or Npgsql.NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            IsSaving = false;
        }
        await ReloadAsync();
        if (_outcome is not null)
            FocusOn("decided");
        StateHasChanged();
    }
}
