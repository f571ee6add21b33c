using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>All work of all hosts by its state, and what can be done to it, singly and in bulk.</summary>
public sealed partial class JobsPage
{
    private const int HistoryHours = 24;

    /// <summary>More are not taken into one action: it is one transaction.</summary>
    private const int MostAtOnce = 10_000;

    /// <summary>Nobody is told of a heartbeat: the hosts are looked at.</summary>
    private static readonly TimeSpan HostsEvery = TimeSpan.FromSeconds(2);

    private readonly HashSet<long> _chosen = [];
    private Page<JobRecord> _jobs = new Page<JobRecord>([], 0);
    private JobCounts _counts = new(0, 0, 0, 0, 0, 0, 0);
    private IReadOnlyList<JobHour> _history = [];
    private IReadOnlyList<JobHost> _hosts = [];
    private IReadOnlyList<ScheduleRecord> _schedules = [];
    private ConfirmDialog _confirm = null!;
    private JobAct? _act;
    private (string Text, bool IsPartial)? _outcome;
    private string? _shownUrl;
    private string? _restoredUrl;
    private long? _shownUpTo;
    private long _newJobs;
    private ITimer? _hostsTimer;
    private string? _text;
    private string? _terminal;
    private string? _kind;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal JobBoard Board { get; set; } = null!;

    [Inject]
    internal ScheduleDesk Schedules { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    internal ShownZone Zone { get; set; } = ShownZone.Utc;

    [SupplyParameterFromQuery(Name = "tab")]
    private string? TabKey { get; set; }

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "schedule")]
    private string? Schedule { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "text")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "group")]
    private string? Group { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    private string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    [SupplyParameterFromQuery(Name = "sel")]
    private string? Selected { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Jobs | LiveTopic.Schedules;

    private JobTab Current => JobTab.Of(TabKey);

    private PageRequest Page => PageRequest.Of(Number);

    private JobFilter Filter => new()
    {
        States = Current.States,
        Sort = Current.Sort,
        Terminal = Blank(Terminal),
        Kind = Enum.TryParse<JobKind>(Kind, ignoreCase: true, out var kind) ? kind : null,
        Schedule = Guid.TryParse(Schedule, out var schedule) ? schedule : null,
        Group = Guid.TryParse(Group, out var group) ? group : null,
        Text = Blank(Text),
        FinishedSince = QueryText.Instant(Since),
        FinishedUntil = QueryText.Instant(Until),
    };

    private bool IsFiltered => Filter is not { Terminal: null, Kind: null, Schedule: null, Group: null, Text: null, FinishedSince: null, FinishedUntil: null };

    private IReadOnlyList<JobAct> Acts => JobAct.Of(Current);

    private bool IsAllChosen { get; set; }

    /// <summary>Only those that are still shown.</summary>
    private IReadOnlyList<long> Chosen => [.. _jobs.Items.Select(j => j.Id).Where(_chosen.Contains)];

    private bool HasChoice => IsAllChosen || Chosen.Count > 0;

    private bool IsPageChosen => IsAllChosen || (_jobs.Items.Count > 0 && Chosen.Count == _jobs.Items.Count);

    private string Total => _jobs.Total.ToString("N0", CultureInfo.InvariantCulture);

    // Nobody can act on more at once.
    private string TotalText => _jobs.IsMore ? $"first {Total}" : Total;

    private static string Counted(long count) => count == JobCounts.Most ? $"{(JobCounts.Most - 1).ToString("N0", CultureInfo.InvariantCulture)}+" : count.ToString("N0", CultureInfo.InvariantCulture);

    private string ChosenText => IsAllChosen ? $"the {(_jobs.IsMore ? "first " : null)}{Total} jobs" : Chosen is [var only] ? $"job {only}" : $"{Chosen.Count} jobs";

    private string TimeTitle => Current.Key switch { "retrying" => "Next attempt", "scheduled" => "Begins", "running" => "Began", "all" => "Asked for", _ => "Ended" };

    private string EmptyText => Current.Key switch
    {
        "running" => "Nothing is at work.",
        "retrying" => "Nothing waits for another attempt.",
        "failed" => "Nothing has failed.",
        "scheduled" => "Nothing was asked for at a later time.",
        _ => "There are no such jobs.",
    };

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
        {
            (_shownUrl, _shownUpTo, IsAllChosen, _outcome, Trouble) = (Navigation.Uri, null, false, null, null);
            (_text, _terminal, _kind) = (Text, Terminal, Kind);
            _chosen.Clear();
        }
        _counts = await Board.CountAsync(cancellationToken);
        _history = await Board.HistoryAsync(HistoryHours, cancellationToken);
        if (Current.Key == JobTab.Servers)
            _hosts = await Board.HostsAsync(cancellationToken);
        else if (Current.Key == JobTab.Recurring)
            _schedules = await Schedules.ListAsync(cancellationToken);
        else
            await LoadJobsAsync(cancellationToken);
    }

    private async Task LoadJobsAsync(CancellationToken cancellationToken)
    {
        var page = await Desk.ListAsync(Current.IsHistory ? Filter with { UpTo = _shownUpTo } : Filter, Page.Number, Page.Size, cancellationToken);
        _jobs = new Page<JobRecord>(page.Jobs, page.Total, page.IsMore);
        if (_restoredUrl != Navigation.Uri)
        {
            _restoredUrl = Navigation.Uri;
            IsAllChosen = Selected == SelectionText.All;
            _chosen.UnionWith(SelectionText.Ids(Selected));
        }
        if (!Current.IsHistory)
            return;
        var newest = await Desk.FindAsync(Filter with { Sort = JobSort.Newest }, 1, cancellationToken);
        // From the second reading on the list begins where the first one did; in an empty one nothing can move.
        _shownUpTo = page.Total == 0 ? null : _shownUpTo ?? newest.Select(id => (long?)id).FirstOrDefault();
        _newJobs = _shownUpTo is { } shown && newest.Count > 0 && newest[0] > shown ? (await Desk.ListAsync(Filter, 1, 1, cancellationToken)).Total - page.Total : 0;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
            _hostsTimer = Time.CreateTimer(_ => LookAtHosts(), null, HostsEvery, HostsEvery);
    }

    protected override void Dispose(bool isDisposing)
    {
        _hostsTimer?.Dispose();
        base.Dispose(isDisposing);
    }

    private void LookAtHosts()
    {
        if (Current.Key == JobTab.Servers)
            Ask();
    }

    private static DateTimeOffset? Shown(JobRecord job) => job.State switch
    {
        JobState.Retrying or JobState.Scheduled => job.DueAt,
        JobState.Running => job.AttemptAt,
        JobState.Waiting => job.CreatedAt,
        _ => job.FinishedAt,
    };

    private Task ShowNewAsync()
    {
        _shownUpTo = null;
        return ReloadAsync();
    }

    private bool IsChosen(long id) => IsAllChosen || _chosen.Contains(id);

    private void Choose(long id, bool isChosen)
    {
        IsAllChosen = false;
        if (isChosen)
            _chosen.Add(id);
        else
            _chosen.Remove(id);
    }

    private void ChoosePage(bool isChosen)
    {
        foreach (var job in _jobs.Items)
            Choose(job.Id, isChosen);
    }

    private Task AskAsync(JobAct act)
    {
        _act = act;
        return act.Asks ? _confirm.ShowAsync() : ActAsync(() => DoAsync(null));
    }

    // What fails behind a question stays in its dialog.
    private async Task DoAsync(string? reason)
    {
        if (_act is not { } act)
            return;
        (Trouble, _outcome) = (null, null);
        User.RequireOperate();
        var ids = IsAllChosen ? await Desk.FindAsync(Filter with { UpTo = _shownUpTo }, MostAtOnce, Left) : Chosen;
        var result = await act.RunAsync(Desk, ids, User.Name, reason, Left);
        _outcome = (JobOutcomeText.Of(act.Done, result), result.Refused.Count > 0);
        _chosen.Clear();
        IsAllChosen = false;
        await ReloadAsync();
    }

    private string PageUrl(int number) => Urls.Page(Urls.Jobs(Current.Key, Terminal, Schedule, Kind, Text, Group, Filter.FinishedSince, Filter.FinishedUntil), number);

    private void Apply() => Navigation.NavigateTo(Urls.Jobs(Current.Key, Blank(_terminal), Schedule, Blank(_kind), Blank(_text), Group));

    private static string? Blank(string? text) => QueryText.Term(text);
}
