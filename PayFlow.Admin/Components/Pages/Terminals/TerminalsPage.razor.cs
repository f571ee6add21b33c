using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>All tills, those that need somebody first.</summary>
public sealed partial class TerminalsPage
{
    private Page<TerminalRow> _terminals = new Page<TerminalRow>([], 0);
    private string? _shownUrl;
    private string? _text;
    private string? _status;

    [Inject]
    internal TerminalReader Reader { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "text")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "status")]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Terminals | LiveTopic.Runs | LiveTopic.Conflicts | LiveTopic.Jobs | LiveTopic.Schedules;

    private TerminalFilter Filter => new() { Text = Text, Status = Status };

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
            (_shownUrl, _text, _status) = (Navigation.Uri, Text, Status);
        _terminals = await Reader.ListAsync(Filter, Page, cancellationToken);
    }

    private string PageUrl(int number) => Urls.Page(Urls.Terminals(Text, Status), number);

    private void Apply() => Navigation.NavigateTo(Urls.Terminals(_text?.Trim(), _status));
}
