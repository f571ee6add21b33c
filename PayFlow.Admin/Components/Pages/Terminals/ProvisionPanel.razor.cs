using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>Shows what central lacks of a file's tables, and creates it.</summary>
public sealed partial class ProvisionPanel
{
    private ConfirmDialog? _confirm;
    private ProvisionPlan? _plan;
    private SyncException? _failure;
    private int? _created;
    private bool _isBusy;

    /// <summary>The till's file, as typed.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = string.Empty;

    [Inject]
    internal ProvisionDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private async Task PreviewAsync()
    {
        (_failure, _plan, _created, _isBusy) = (null, null, null, true);
        try
        {
            User.RequireAdminister();
            if (AttachForm.PathError(Path) is { } error)
                throw error;
            _plan = await Desk.PreviewAsync(Path.Trim());
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            _isBusy = false;
        }
        if (_plan is { Statements.Count: > 0 })
            await _confirm!.ShowAsync();
    }

    private async Task CreateAsync(string? reason)
    {
        User.RequireAdminister();
        await Desk.CreateAsync(_plan!, User.Name, reason);
        _created = _plan!.Statements.Count;
    }
}
