using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Runs;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Components.Pages.Runs;

/// <summary>One run: what it did with each table, what went wrong, and what can be done about it.</summary>
public sealed partial class RunPage
{
    private RunDetail? _run;

    [Inject]
    internal RunDetailReader Reader { get; set; } = null!;

    [CascadingParameter]
    internal ShownZone Zone { get; set; } = ShownZone.Utc;

    [Parameter]
    public Guid Id { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Runs | LiveTopic.Conflicts;

    private protected override async Task LoadAsync(CancellationToken cancellationToken) => _run = await Reader.FindAsync(Id, cancellationToken);

    private static SyncDirection Direction(RunRow run) => Enum.TryParse<SyncDirection>(run.Direction, ignoreCase: true, out var direction) ? direction : SyncDirection.Both;

    private static string Short(Guid id) => id.ToString()[..8];

    /// <summary>What every run says, and what this one has anything of: a column of zeros only pushes the others off the page.</summary>
    private static List<string> Shown(IReadOnlyList<RunTableRow> tables) =>
        [.. tables.SelectMany(Counts).GroupBy(c => c.Label).Where(g => g.Key is "Read" or "Inserted" or "Updated" or "Deleted" || g.Any(c => c.Count > 0)).Select(g => g.Key)];

    private static IEnumerable<(string Label, long Count)> Counts(RunTableRow table) =>
    [
        ("Read", table.Read), ("Inserted", table.Inserted), ("Updated", table.Updated), ("Deleted", table.Deleted), ("Unchanged", table.Unchanged),
        ("Conflicts", table.Conflicts), ("Refused", table.Failed), ("Waiting", table.Waiting), ("Skipped", table.Skipped),
    ];
}
