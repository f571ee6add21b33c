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
    private IReadOnlyList<DiscardStep>? _steps;
    private SyncException? _failure;
    private QueueFilter? _asked;

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

    private List<DiscardStep> Discarded => [.. (_steps ?? []).Where(s => s.Effect != DiscardEffect.Refused)];

    private string Title => _steps is null ? "Discard changes?" : Discarded is [var only] ? $"Discard the change of {only.Entry.Table}/{only.Entry.Key}?" : Discarded.Count == 0 ? "This cannot be discarded" : $"Discard {Discarded.Count.ToString("N0", CultureInfo.InvariantCulture)} changes?";

    private string? Blocked => _failure is not null ? "It cannot be said what would happen." : _steps is null ? "Finding out what would happen …" : Discarded.Count == 0 ? "None of these rows can be discarded." : null;

    /// <summary>Opens it and finds out what would happen.</summary>
    public async Task ShowAsync()
    {
        (_steps, _failure, _asked) = (null, null, Filter);
        await _dialog!.ShowAsync();
        StateHasChanged();
        try
        {
            Who.RequireOperate();
            _steps = await Actions.PreviewDiscardAsync(Terminal, _asked, _left.Token);
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
    }

    private async Task DiscardAsync(string? reason)
    {
        Who.RequireOperate();
        await Done.InvokeAsync(await Actions.DiscardAsync(Terminal, _asked!, _steps!, Who.Name, reason!, _left.Token));
    }
}
