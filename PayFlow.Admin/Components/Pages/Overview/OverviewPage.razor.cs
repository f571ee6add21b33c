using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Overview;

namespace PayFlow.Admin.Components.Pages.Overview;

/// <summary>The first page: whether data flows, what needs somebody, and the last hours as charts.</summary>
public sealed partial class OverviewPage
{
    private const string FailedStatus = "FAILED";
    private const string AllStates = "all";
    private static readonly string[] Spans = ["1 h", "24 h", "7 d"];

    private OverviewState? _state;
    private IReadOnlyList<Attention> _attentions = [];
    private TimeSpan _step;

    [Inject]
    internal OverviewReader Reader { get; set; } = null!;

    [CascadingParameter]
    internal ShownZone Zone { get; set; } = ShownZone.Utc;

    [SupplyParameterFromQuery(Name = "span")]
    private string? Span { get; set; }

    private string SpanName => Span is "1 h" or "7 d" ? Span : "24 h";

    private DateTimeOffset Now => AsOf ?? Time.GetUtcNow();

    private protected override LiveTopic Topics => LiveTopic.Runs | LiveTopic.Terminals | LiveTopic.Conflicts | LiveTopic.Jobs | LiveTopic.Schedules | LiveTopic.Webhooks;

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (length, step) = SpanName switch
        {
            "1 h" => (TimeSpan.FromHours(1), TimeSpan.FromMinutes(2)),
            "7 d" => (TimeSpan.FromDays(7), TimeSpan.FromHours(6)),
            _ => (TimeSpan.FromHours(24), TimeSpan.FromHours(1)),
        };
        var now = Time.GetUtcNow();
        _state = await Reader.ReadAsync(now - length, now, step, cancellationToken);
        _step = step;
        _attentions = OverviewSummary.Attentions(_state, now);
    }
}
