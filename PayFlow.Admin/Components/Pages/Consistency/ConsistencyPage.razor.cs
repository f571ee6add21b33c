using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Components.Pages.Consistency;

/// <summary>Comparing terminals with central, and what came of it.</summary>
public sealed partial class ConsistencyPage
{
    private readonly HashSet<string> _terminals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private Page<ConsistencyRow> _history = new Page<ConsistencyRow>([], 0);
    private IReadOnlyList<string> _allTerminals = [];
    private IReadOnlyList<string> _allTables = [];
    private IReadOnlyList<JobView> _running = [];
    private string? _shownUrl;
    private string? _terminal;
    private string? _kind;

    [Inject]
    internal ConsistencyHistory History { get; set; } = null!;

    [Inject]
    internal TerminalRegistry Registry { get; set; } = null!;

    [Inject]
    internal TableMapStore Maps { get; set; } = null!;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Jobs | LiveTopic.Runs | LiveTopic.Map | LiveTopic.Terminals;

    private ConsistencyFilter Filter => new() { Terminal = QueryText.Term(Terminal), Kind = QueryText.Term(Kind) };

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
        {
            (_shownUrl, _terminal, _kind) = (Navigation.Uri, Terminal, Kind);
            Preset(_terminals, Terminal);
            Preset(_tables, Table);
        }
        _allTerminals = [.. (await Registry.ListAsync(cancellationToken)).Where(t => t is { State: TerminalState.Active, FilePath: not null }).Select(t => t.Id)];
        _allTables = [.. (await Maps.LoadAsync(cancellationToken)).Map.Tables.Where(t => t.Enabled).Select(t => t.Name)];
        _history = await History.ListAsync(Filter, Page, cancellationToken);
        var running = new List<JobView>();
        foreach (var job in _running)
        {
            if (await Desk.ShowAsync(job.Id, cancellationToken) is { } known)
                running.Add(JobView.Of(known));
        }
        _running = running;
    }

    private static void Preset(HashSet<string> chosen, string? only)
    {
        chosen.Clear();
        if (only is not null)
            chosen.Add(only);
    }

    private static void Choose(HashSet<string> chosen, string one, bool isChosen)
    {
        if (isChosen)
            chosen.Add(one);
        else
            chosen.Remove(one);
    }

    private Task VerifyAsync() => ActAsync(async () =>
    {
        User.RequireOperate();
        var request = JobRequest.Verify(_terminals.Count == 0 ? null : [.. _terminals], _tables.Count == 0 ? null : [.. _tables]);
        var made = (await Desk.SubmitAsync(request, User.Name, Left)).Jobs;
        if (made is [var only])
            Navigation.NavigateTo(Urls.ConsistencyReport(only.Id));
        else if (made.Count == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "No terminal is attached whose file a host can open", "Attach one first.");
        else
            _running = [.. made.Select(JobView.Of)];
    });

    private string PageUrl(int number) => Urls.Page(Urls.ConsistencyOf(Terminal, Table, Kind), number);

    private void Apply() => Navigation.NavigateTo(Urls.ConsistencyOf(_terminal?.Trim(), null, _kind));
}
