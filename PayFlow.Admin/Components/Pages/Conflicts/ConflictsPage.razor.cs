using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Components.Pages.Conflicts;

/// <summary>The conflicts that wait for somebody, and those that were decided.</summary>
public sealed partial class ConflictsPage
{
    private readonly Selection<long> _selection = new();
    private ConflictList _list = ConflictList.Empty;
    private BulkDecisionDialog? _bulk;
    private JobRecord? _job;
    private long? _jobId;
    private string? _shownUrl;
    private string? _restoredUrl;
    private long _new;
    private string? _terminal;
    private string? _table;
    private string? _kind;
    private string? _state;
    private string? _key;
    private string? _order;
    private SyncException? _trouble;

    [Inject]
    internal ConflictReader Reader { get; set; } = null!;

    [Inject]
    internal JobDesk Jobs { get; set; } = null!;

    [Inject]
    internal ConsoleUser Who { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

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

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    [SupplyParameterFromQuery(Name = "sel")]
    private string? Selected { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Conflicts | LiveTopic.Jobs;

    private ConflictQuery Query => new() { Terminal = Terminal, Table = Table, Kind = Kind, State = StateText, Key = KeyText, Since = QueryText.Instant(Since), Order = Order };

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var isNew = _shownUrl != Navigation.Uri;
        if (isNew)
        {
            _shownUrl = Navigation.Uri;
            _selection.Clear();
            (_terminal, _table, _kind, _state, _key, _order) = (Terminal, Table, Kind, StateText, KeyText, Order);
        }
        _job = _jobId is { } id ? await Jobs.ShowAsync(id, cancellationToken) : null;
        var read = await Reader.ListAsync(Query, Page, cancellationToken);
        var shown = _list.Conflicts.Items;
        if (isNew || shown.Count == 0)
        {
            (_list, _new) = (read, 0);
            Restore();
            return;
        }
        // Nothing moves under the pointer: rows change in their place, new ones wait until they are asked for.
        _new = Query.IsOldestFirst || Page.Number > 1 ? 0 : read.Conflicts.Items.Count(c => c.Id > shown.Max(s => s.Id));
        _list = read with { Conflicts = read.Conflicts with { Items = await Reader.ReadAgainAsync(shown, cancellationToken) } };
    }

    private void Restore()
    {
        if (_restoredUrl == Navigation.Uri)
            return;
        _restoredUrl = Navigation.Uri;
        _selection.Restore(Selected, SelectionText.Ids(Selected), Selectable, id => id);
    }

    private Task ShowNewAsync()
    {
        _shownUrl = null;
        return ReloadAsync();
    }

    private string? Forbidden => Who.CanOperate ? null : ConsoleUser.OperateReason;

    private List<long> Selectable => [.. _list.Conflicts.Items.Where(c => c.State == ConflictState.Open).Select(c => c.Id)];

    private bool IsWholePage => Selectable is { Count: > 0 } shown && shown.TrueForAll(_selection.Has);

    private ConflictFilter Chosen => _selection.IsAll ? Query.Filter with { State = ConflictState.Open } : new ConflictFilter { Ids = [.. _selection.Ticked] };

    private Task FollowAsync(long job)
    {
        _jobId = job;
        _selection.Clear();
        return ReloadAsync();
    }

    private async Task CancelJobAsync()
    {
        _trouble = null;
        try
        {
            Who.RequireOperate();
            await Jobs.CancelAsync([_jobId!.Value], Who.Name, cancellationToken: Left);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            // The job is still there to be cancelled.
            _trouble = Failures.Translate(e);
        }
        await ReloadAsync();
    }

    private Task CloseJob()
    {
        _jobId = null;
        return ShowNewAsync();
    }

    private static IEnumerable<string> Choices(IReadOnlyList<string> known, string? chosen) => chosen is { Length: > 0 } && !known.Contains(chosen) ? known.Append(chosen) : known;

    private string PageUrl(int number) => Urls.Page(Urls.Conflicts(Query), number);

    private void Apply() => Navigation.NavigateTo(Urls.Conflicts(Query with { Terminal = _terminal, Table = _table, Kind = _kind, State = _state, Key = _key?.Trim(), Order = _order }));
}
