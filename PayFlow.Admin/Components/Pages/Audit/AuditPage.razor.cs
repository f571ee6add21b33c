using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Audit;

namespace PayFlow.Admin.Components.Pages.Audit;

/// <summary>Who did what, when and why.</summary>
public sealed partial class AuditPage
{
    private Page<AuditEntry> _entries = new Page<AuditEntry>([], 0);
    private string? _actor;
    private string? _action;
    private string? _terminal;
    private string? _table;
    private string? _key;
    private DateTime? _since;
    private DateTime? _until;
    private string? _shownUrl;

    [Inject]
    internal AuditReader Reader { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "actor")]
    private string? Actor { get; set; }

    [SupplyParameterFromQuery(Name = "action")]
    private string? Action { get; set; }

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Terminal { get; set; }

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    [SupplyParameterFromQuery(Name = "key")]
    private string? Key { get; set; }

    [SupplyParameterFromQuery(Name = "run")]
    private string? Run { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    private string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Audit;

    private AuditFilter Filter => new()
    {
        Actor = QueryText.Term(Actor),
        Action = QueryText.Term(Action),
        Terminal = QueryText.Term(Terminal),
        Table = QueryText.Term(Table),
        Key = QueryText.Term(Key),
        Run = Guid.TryParse(Run, out var run) ? run : null,
        Since = QueryText.Instant(Since),
        Until = QueryText.Instant(Until),
    };

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
        {
            (_shownUrl, _actor, _action, _terminal, _table, _key) = (Navigation.Uri, Actor, Action, Terminal, Table, Key);
            (_since, _until) = (Filter.Since?.UtcDateTime, Filter.Until?.UtcDateTime);
        }
        _entries = await Reader.ListAsync(Filter, Page, cancellationToken);
    }

    private string PageUrl(int number) => Urls.Page(Urls.Audit(Actor, Action, Terminal, Table, Key, Filter.Run, Filter.Since, Filter.Until), number);

    private void Apply() => Navigation.NavigateTo(Urls.Audit(_actor?.Trim(), _action?.Trim(), _terminal?.Trim(), _table?.Trim(), _key?.Trim(), Filter.Run, Utc(_since), Utc(_until)));

    private static DateTimeOffset? Utc(DateTime? typed) => typed is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;
}
