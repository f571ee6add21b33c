using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Tables;

namespace PayFlow.Admin.Components.Pages.Tables;

/// <summary>One table: what the map says of it, and how far it has got at each terminal.</summary>
public sealed partial class TablePage
{
    private readonly HashSet<RereadTarget> _chosen = [];
    private TableDetail? _detail;
    private string[] _only = [];

    [Parameter]
    public string Name { get; set; } = string.Empty;

    [Inject]
    internal TableDetailReader Reader { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Runs | LiveTopic.Conflicts | LiveTopic.Map | LiveTopic.Terminals;

    private PageRequest Page => PageRequest.Of(Number, TableDetailReader.TerminalsPerPage);

    private List<RereadTarget> All => _detail is null ? [] : [.. _detail.Terminals.Items.SelectMany(t => t.Checkpoints.Select(c => new RereadTarget(t.Terminal, c.Table, c.Direction)))];

    private List<RereadTarget> Targets => [.. All.Where(_chosen.Contains)];

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_only is not [var shown] || shown != Name)
            _only = [Name];
        _detail = await Reader.FindAsync(Name, Page, cancellationToken);
    }

    private void Choose(RereadTarget target, bool isChosen)
    {
        if (isChosen)
            _chosen.Add(target);
        else
            _chosen.Remove(target);
    }

    private void ChooseAll(ChangeEventArgs e)
    {
        _chosen.Clear();
        if (e.Value is true)
            _chosen.UnionWith(All);
    }

    private Task DoneAsync()
    {
        _chosen.Clear();
        return ReloadAsync();
    }
}
