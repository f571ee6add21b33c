using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>One till: who it is, how it stands, and everything that can be done to it.</summary>
public sealed partial class TerminalPage
{
    private TerminalDetail? _detail;

    [Parameter]
    public string Id { get; set; } = string.Empty;

    [Inject]
    internal TerminalDetailReader Reader { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Terminals | LiveTopic.Runs | LiveTopic.Conflicts | LiveTopic.Schedules | LiveTopic.Map;

    private protected override async Task LoadAsync(CancellationToken cancellationToken) => _detail = await Reader.FindAsync(Id, cancellationToken);
}
