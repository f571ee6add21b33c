using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Controls;

/// <summary>A job under way. The page that shows it reads it anew when jobs change.</summary>
public sealed partial class JobProgressView
{
    private bool _isBusy;
    private string? _refusal;

    [Parameter, EditorRequired]
    public JobView Job { get; set; } = null!;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private async Task CancelAsync()
    {
        (_isBusy, _refusal) = (true, null);
        try
        {
            User.RequireOperate();
            var result = await Desk.CancelAsync([Job.Id], User.Name);
            _refusal = result.Refused.Values.FirstOrDefault();
        }
        catch (Exception e) when (e is SyncException or NpgsqlException)
        {
            _refusal = Failures.Translate(e).Message;
        }
        finally
        {
            _isBusy = false;
        }
    }
}
