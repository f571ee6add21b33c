using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Runs;

namespace PayFlow.Admin.Components.Pages.Runs;

/// <summary>The history of runs. What the list shows stays in its place; what comes meanwhile is counted and shown when asked for.</summary>
public sealed partial class RunsPage
{
    private Page<RunRow> _runs = new Page<RunRow>([], 0);
    private DateTimeOffset? _shownUntil;
    private string? _shownUrl;
    private long _newRuns;
    private string? _terminal;
    private string? _status;
    private string? _trigger;
    private bool _includesIdle;

    [Inject]
    internal RunReader Reader { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "status")]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "trigger")]
    private string? Trigger { get; set; }

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    private string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "idle")]
    private string? IdleText { get; set; }

    private bool Idle => QueryText.IsYes(IdleText);

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Runs;

    private RunFilter Filter => new() { Terminal = QueryText.Term(Terminal), Status = QueryText.Term(Status), Trigger = QueryText.Term(Trigger), Table = QueryText.Term(Table), Since = QueryText.Instant(Since), Until = QueryText.Instant(Until), IncludesIdle = Idle };

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
        {
            (_shownUrl, _shownUntil) = (Navigation.Uri, null);
            (_terminal, _status, _trigger, _includesIdle) = (Terminal, Status, Trigger, Idle);
        }
        var until = _shownUntil;
        _runs = await Reader.ListAsync(until is null ? Filter : Filter with { Until = Earlier(Filter.Until, until) }, Page, cancellationToken);
        _newRuns = until is { } shown && Until is null ? await Reader.CountSinceAsync(Filter, shown, cancellationToken) : 0;
        // From the second reading on the list ends where the first one did.
        _shownUntil ??= Time.GetUtcNow();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private Task ShowNewAsync()
    {
        _shownUntil = null;
        return ReloadAsync();
    }

    private string PageUrl(int number) => Urls.Page(Urls.Runs(Terminal, Status, Trigger, Table, Filter.Since, Filter.Until, Idle), number);

    private void Apply() => Navigation.NavigateTo(Urls.Runs(_terminal?.Trim(), _status, _trigger, Table, Filter.Since, Filter.Until, _includesIdle));
}
