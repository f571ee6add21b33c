using System.Globalization;
using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Components.Pages.Conflicts;

/// <summary>Asks how many conflicts are to be decided, and hands the decision in as a job.</summary>
public sealed partial class BulkDecisionDialog : IDisposable
{
    private const int Named = 10;

    private readonly CancellationTokenSource _left = new();
    private ConfirmDialog? _dialog;
    private BulkPreview? _preview;
    private SyncException? _failure;
    private ConflictFilter? _asked;
    private ConflictSide? _side;

    /// <summary>Which conflicts.</summary>
    [Parameter, EditorRequired]
    public ConflictFilter Filter { get; set; } = new();

    /// <summary>It was handed in: the job's number.</summary>
    [Parameter]
    public EventCallback<long> Submitted { get; set; }

    [Inject]
    internal NpgsqlDataSource Central { get; set; } = null!;

    [Inject]
    internal JobDesk Jobs { get; set; } = null!;

    [Inject]
    internal ConsoleUser Who { get; set; } = null!;

    private bool IsByFilter => _asked?.Ids is null;

    private string Title => _preview is not { Total: var total } ? "Decide conflicts?" : total == 1 ? "Decide 1 conflict?" : $"Decide {total.ToString("N0", CultureInfo.InvariantCulture)} conflicts?";

    private string? Blocked => _failure is not null ? "It cannot be said what would be decided." : _preview is null ? "Counting …" : _preview.Total == 0 ? "None of them is open any more." : _side is null ? "Choose a side." : null;

    private IEnumerable<(ConflictSide Side, string Title, string Text)> Sides
    {
        get
        {
            yield return (ConflictSide.Terminal, "The terminals'", "what they changed goes to central");
            yield return (ConflictSide.Central, "Central's", "what the terminals changed in the fields in dispute is given up");
            if (_preview?.Counts.Any(c => c.Kind is ConflictKind.UpdateDelete or ConflictKind.DeleteUpdate) != true)
                yield break;
            yield return (ConflictSide.Keep, "Restore what one side deleted", "with the other side's values; conflicts of other kinds wait on");
            yield return (ConflictSide.Delete, "Delete what one side deleted", "on the other side as well; conflicts of other kinds wait on");
        }
    }

    /// <summary>Opens it and counts.</summary>
    public async Task ShowAsync()
    {
        (_preview, _failure, _side, _asked) = (null, null, null, Filter);
        await _dialog!.ShowAsync();
        StateHasChanged();
        try
        {
            Who.RequireOperate();
            _preview = await new BulkResolution(Central, _asked, new ConflictChoice()).PreviewAsync(Named, _left.Token);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
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

    private async Task DecideAsync(string? reason)
    {
        Who.RequireOperate();
        var submitted = await Jobs.SubmitAsync(JobRequest.Resolve(_asked!, ConflictChoice.Of(_side!.Value), reason), Who.Name, _left.Token);
        await Submitted.InvokeAsync(submitted.Jobs[0].Id);
    }
}
