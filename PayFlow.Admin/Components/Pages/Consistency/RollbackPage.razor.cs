using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Consistency;

/// <summary>What taking a run back would do, and the way to do it.</summary>
public sealed partial class RollbackPage : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private ConfirmDialog? _confirm;
    private RollbackResult? _preview;
    private SyncException? _failure;

    [Parameter]
    public Guid Run { get; set; }

    [Inject]
    internal RollbackPreview Preview { get; set; } = null!;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // It may take a while, and is not worth doing twice: only once the page is interactive.
        if (firstRender)
            await ReadAsync();
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async Task ReadAsync()
    {
        (_preview, _failure) = (null, null);
        StateHasChanged();
        try
        {
            // It opens the till's file and holds its lock.
            User.RequireOperate();
            _preview = await Preview.ReadAsync(Run, User.Name, _left.Token);
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            _failure = Failures.Translate(e);
        }
        StateHasChanged();
    }

    private async Task RollBackAsync(string? reason)
    {
        User.RequireOperate();
        var made = await Desk.SubmitAsync(JobRequest.Rollback(Run.ToString(), reason: reason), User.Name);
        Navigation.NavigateTo(Urls.ConsistencyReport(made.Jobs[0].Id));
    }
}
