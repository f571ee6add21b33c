using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>One till: who it is, how it stands, and everything that can be done to it.</summary>
public sealed partial class TerminalPage
{
    private TerminalDetail? _detail;
    private string[] _only = [];
    private string? _table;

    [Parameter]
    public string Id { get; set; } = string.Empty;

    [Inject]
    internal TerminalDetailReader Reader { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Terminals | LiveTopic.Runs | LiveTopic.Conflicts | LiveTopic.Jobs | LiveTopic.Schedules | LiveTopic.Map;

    private bool IsDetached => _detail?.Row.Record.State == TerminalState.Detached;

    private List<string> Tables => _detail is null ? [] : [.. _detail.Checkpoints.Select(c => c.Table).Distinct().Order(StringComparer.Ordinal)];

    private string[]? ChosenTables => string.IsNullOrEmpty(_table) ? null : [_table];

    private List<TableCheckpoint> WaitingTables => _detail?.File is not { } file ? [] : [.. file.Tables.Where(t => t.WaitingForBootstrap > 0)];

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_only is not [var shown] || shown != Id)
            _only = [Id];
        _detail = await Reader.FindAsync(Id, cancellationToken);
    }
}
