using PayFlow.Admin.Components;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Overview;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Overview;

public sealed class OverviewSummaryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly OverviewState Well = new() { Terminals = 3, LastRunAt = Noon.AddMinutes(-2), LastMovedAt = Noon.AddMinutes(-7), ActiveSchedules = 1 };
    private static readonly BrokenTerminal Broken = new("T1", Guid.Empty, Noon.AddMinutes(-4), "the file is gone", "Mount it.");
    private static readonly ProvenDifference Different = new("T2", 1_204, Noon.AddHours(-1));

    [Fact]
    public void Before_anything_is_attached_or_synced_it_says_so()
    {
        Assert.Equal("No terminal is attached yet.", OverviewSummary.Sentence(new OverviewState(), Noon));
        Assert.Equal("1 terminal attached, and none has been synced yet.", OverviewSummary.Sentence(new OverviewState { Terminals = 1, NeverSynced = 1 }, Noon));
    }

    [Fact]
    public void The_sentence_says_since_when_data_flows_and_how_many_terminals_take_part()
    {
        Assert.Equal("Data last moved 7 min ago, and the last sync ended 2 min ago. All of the 3 terminals can be synced.", OverviewSummary.Sentence(Well, Noon));
        Assert.Equal("Data is flowing now. All of the 3 terminals can be synced.", OverviewSummary.Sentence(Well with { RunningRuns = 1 }, Noon));
        Assert.Equal("No row has moved yet; the last sync ended 2 min ago. The terminal can be synced.", OverviewSummary.Sentence(Well with { Terminals = 1, LastMovedAt = null }, Noon));
        Assert.EndsWith("2 terminals of 3 have been synced.", OverviewSummary.Sentence(Well with { NeverSynced = 1 }, Noon), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_broken_is_said_before_what_differs_and_neither_is_called_well()
    {
        Assert.EndsWith(", but 1 terminal of 3 differs from central.", OverviewSummary.Sentence(Well with { Different = [Different] }, Noon), StringComparison.Ordinal);
        Assert.EndsWith(", but 2 terminals of 3 differ from central.", OverviewSummary.Sentence(Well with { Different = [Different, Different with { Terminal = "T3" }] }, Noon), StringComparison.Ordinal);
        Assert.EndsWith(", but 1 terminal of 3 cannot be synced.", OverviewSummary.Sentence(Well with { Broken = [Broken], Different = [Different] }, Noon), StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_somebody_begins_with_what_fails_and_each_leads_to_its_list()
    {
        var state = Well with { Broken = [Broken], Different = [Different], FailedRows = 1, FailedJobs = 2, OpenConflicts = 3, ActiveSchedules = 0 };

        var list = OverviewSummary.Attentions(state, Noon);

        Assert.Equal(
            [
                ("T1 cannot be synced (4 min ago)", Urls.Terminal("T1")),
                ("T2 and central differ in 1,204 rows (compared 1 h ago)", Urls.ConsistencyOf("T2")),
                ("1 row is refused", Urls.Queue(status: "FAILED")),
                ("2 jobs have failed for good", Urls.Jobs("failed")),
                ("3 conflicts wait for a decision", Urls.Conflicts()),
                ("No schedule runs: nothing is synced by itself", Urls.ScheduleList),
            ],
            list.Select(a => (a.Text, a.Url)));
        Assert.Equal("the file is gone. Mount it.", list[0].Detail);
        Assert.Equal(["bad", "bad", "bad", "bad", "warn", "warn"], list.Select(a => a.Tone));
    }

    [Fact]
    public void When_all_is_well_nothing_needs_anybody() => Assert.Empty(OverviewSummary.Attentions(Well, Noon));
}
