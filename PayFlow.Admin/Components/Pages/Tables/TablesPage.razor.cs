using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Tables;

namespace PayFlow.Admin.Components.Pages.Tables;

/// <summary>All synced tables over all terminals.</summary>
public sealed partial class TablesPage
{
    private Page<TableRow> _tables = new Page<TableRow>([], 0);
    private string? _shownUrl;
    private string? _text;
    private string? _direction;

    [Inject]
    internal TableReader Reader { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "text")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "direction")]
    private string? Direction { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Runs | LiveTopic.Conflicts | LiveTopic.Map | LiveTopic.Terminals;

    private TableFilter Filter => new() { Text = Text, Direction = Direction };

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_shownUrl != Navigation.Uri)
            (_shownUrl, _text, _direction) = (Navigation.Uri, Text, Direction);
        _tables = await Reader.ListAsync(Filter, cancellationToken);
    }

    private void Apply() => Navigation.NavigateTo(Urls.Tables(_text?.Trim(), _direction));
}
