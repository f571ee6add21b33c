using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Components.Pages.Consistency;

/// <summary>Makes what a comparison has found equal, in one direction.</summary>
public sealed partial class RepairPanel
{
    private readonly HashSet<string> _left = [];
    private ConfirmDialog? _confirm;
    private RepairSource? _from;
    private VerifyReport? _shown;
    private long _limit;
    private string? _limitError;

    [Parameter, EditorRequired]
    public string Terminal { get; set; } = string.Empty;

    /// <summary>The comparison that is shown.</summary>
    [Parameter, EditorRequired]
    public VerifyReport Found { get; set; } = null!;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    private List<string> Tables => [.. Found.Tables.Where(t => t.Differences > 0 && !_left.Contains(t.Table)).Select(t => t.Table)];

    // No side is right until somebody says so: after a rollback one of them would delete what the other still has to send.
    private RepairPlan Plan => _from is { } from ? RepairPlan.Of(Found, from, Tables) : new RepairPlan(0, 0);

    private string Target => _from == RepairSource.Central ? Terminal : "central";

    private string Verb => _from == RepairSource.Central ? $"Repair {Terminal} from central" : _from == RepairSource.Terminal ? $"Repair central from {Terminal}" : "Repair: choose a direction";

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_shown, Found))
            return;
        (_shown, _limit) = (Found, Found.Differences);
    }

    private string Words(RepairSource from)
    {
        var plan = RepairPlan.Of(Found, from, Tables);
        return $"{LagText.Rows(plan.Written)} written, {LagText.Rows(plan.Removed)} removed";
    }

    private void Choose(string table, bool isChosen)
    {
        if (isChosen)
            _left.Remove(table);
        else
            _left.Add(table);
    }

    private void Limit(string? text)
    {
        _limitError = long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? null : $"\"{PlainText.Short(text)}\" is no number of rows: write one of 1 or more.";
        if (_limitError is null)
            _limit = limit;
    }

    private async Task RepairAsync(string? reason)
    {
        User.RequireOperate();
        var made = await Desk.SubmitAsync(JobRequest.Repair(Terminal, _from!.Value, Tables, _limit, isConfirmed: true, reason: reason), User.Name);
        Navigation.NavigateTo(Urls.ConsistencyReport(made.Jobs[0].Id));
    }
}
