using System.Globalization;
using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Tables;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Tables;

/// <summary>Puts chosen checkpoints back.</summary>
public sealed partial class RereadActions
{
    private ConfirmDialog? _dialog;
    private IReadOnlyList<RereadStep> _preview = [];
    private IReadOnlyList<RereadStep> _done = [];
    private DateTimeOffset _since;
    private bool _isBack;
    private bool _isCounting;
    private string? _sinceError;
    private SyncException? _failure;

    /// <summary>The chosen ones.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<RereadTarget> Targets { get; set; } = [];

    [Parameter]
    public EventCallback Done { get; set; }

    [Inject]
    internal RereadDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    private string Title => (_isBack, Targets) switch
    {
        (true, [var only]) => $"Sync {only.Table} of {only.Terminal} again from here?",
        (true, _) => $"Sync {Targets.Count} checkpoints again from here?",
        (_, [var only]) => $"Begin {only.Table} of {only.Terminal} anew?",
        _ => $"Begin {Targets.Count} checkpoints anew?",
    };

    private string Verb => (_isBack ? "Sync again: " : "Reset: ") + (Targets is [var only] ? $"{only.Table} of {only.Terminal}" : $"{Targets.Count} checkpoints");

    internal async Task OpenAsync(bool isBack)
    {
        (_isBack, _since, _sinceError, _preview, _isCounting) = (isBack, Time.GetUtcNow().AddDays(-1), null, [], true);
        await _dialog!.ShowAsync();
        await CountAsync();
    }

    private Task SinceAsync(ChangeEventArgs e)
    {
        if (DateTimeOffset.TryParse(e.Value as string, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since))
        {
            (_since, _sinceError) = (since, null);
            return CountAsync();
        }
        (_preview, _sinceError) = ([], "This is no point in time: give a day and a time, such as 2026-11-22 08:00.");
        return Task.CompletedTask;
    }

    private async Task CountAsync()
    {
        (_isCounting, _preview, _failure) = (true, [], null);
        StateHasChanged();
        try
        {
            // Before anything is counted: it opens every terminal's file.
            User.RequireOperate();
            _preview = await Desk.PreviewAsync(Targets, _isBack ? _since : null);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            _isCounting = false;
        }
    }

    private async Task ExecuteAsync(string? reason)
    {
        User.RequireOperate();
        _done = await Desk.ExecuteAsync(Targets, _isBack ? _since : null, User.Name, reason);
        await Done.InvokeAsync();
    }
}
