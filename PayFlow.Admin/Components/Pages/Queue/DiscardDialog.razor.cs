using System.Globalization;
using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Queue;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Components.Pages.Queue;

/// <summary>Asks before changes are given up, and gives them up.</summary>
public sealed partial class DiscardDialog : IDisposable
{
    private const int Shown = 100;

    private readonly CancellationTokenSource _left = new();
    private ConfirmDialog? _dialog;
    private CancellationTokenSource _stop = new();
    private DiscardPreview? _preview;
    private long? _progress;
    private SyncException? _failure;

    [Parameter, EditorRequired]
    public string Terminal { get; set; } = string.Empty;

    /// <summary>Which rows.</summary>
    [Parameter, EditorRequired]
    public QueueFilter Filter { get; set; } = new();

    /// <summary>What has to be typed.</summary>
    [Parameter, EditorRequired]
    public string TypedName { get; set; } = string.Empty;

    /// <summary>It was done.</summary>
    [Parameter]
    public EventCallback<QueueActionResult> Done { get; set; }

    [Inject]
    internal QueueActions Actions { get; set; } = null!;

    [Inject]
    internal ConsoleUser Who { get; set; } = null!;

    private long Discarded => _preview is { Rest.Count: 0 } few ? few.Steps.Count(s => s.Effect != DiscardEffect.Refused) : _preview?.Total ?? 0;

    private string Title => _preview is null ? "Discard changes?"
        : Discarded == 0 ? "This cannot be discarded"
        : Discarded == 1 && _preview.Steps.First(s => s.Effect != DiscardEffect.Refused) is { } only ? $"Discard the change of {only.Entry.Table}/{only.Entry.Key}?"
        : $"Discard {Discarded.ToString("N0", CultureInfo.InvariantCulture)} changes?";

    private string? Blocked => _failure is not null ? "It cannot be said what would happen." : _preview is null ? "Finding out what would happen …" : Discarded == 0 ? "None of these rows can be discarded." : null;

    /// <summary>Opens it and finds out what would happen.</summary>
    public async Task ShowAsync()
    {
        (_preview, _failure, _progress) = (null, null, null);
        await _dialog!.ShowAsync();
        StateHasChanged();
        try
        {
            Who.RequireOperate();
            _preview = await Actions.PreviewDiscardAsync(Terminal, Filter, _left.Token);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            _failure = Failures.Translate(e);
        }
        StateHasChanged();
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        _stop.Dispose();
    }

    private async Task DiscardAsync(string? reason)
    {
        Who.RequireOperate();
        _stop.Dispose();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        var seen = _preview!;
        // Few rows are done before anybody could read a figure.
        _progress = seen.Rest.Count > 0 ? 0 : null;
        var progress = new Progress<long>(done =>
        {
            _progress = seen.Rest.Count > 0 ? done : null;
            StateHasChanged();
        });
        // SQLite does not give the thread back: the page must answer meanwhile.
        var result = await Task.Run(() => Actions.DiscardAsync(Terminal, seen, Who.Name, reason!, progress, _stop.Token));
        await Done.InvokeAsync(result);
    }
}
