using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Admin.Views.Runs;
using PayFlow.Admin.Views.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Terminals;

public sealed class TerminalStandingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly SyncExpectation Hourly = new("hourly", CronSchedule.Parse("0 * * * *", "test").Next);

    [Theory]
    [InlineData(30, "ONLINE")]
    [InlineData(59, "ONLINE")]
    // Its time has just come: a job waits for a free host.
    [InlineData(60.5, "ONLINE")]
    [InlineData(65, "LATE")]
    [InlineData(119, "LATE")]
    [InlineData(125, "STALLED")]
    [InlineData(600, "STALLED")]
    public void A_terminal_is_late_and_then_stalled_by_its_own_schedule(double minutes, string status)
    {
        var standing = TerminalStanding.Judge(Facts(Run(rows: 5)), Hourly, Noon.AddMinutes(minutes));

        Assert.Equal(status, standing.Status);
        Assert.Equal(status == "ONLINE" ? "Next by hourly" : "hourly was due", standing.Why![..14]);
    }

    [Fact]
    public void Without_a_schedule_nothing_is_late()
    {
        Assert.Equal("ONLINE", TerminalStanding.Judge(Facts(Run(rows: 5)), null, Noon.AddDays(30)).Status);
    }

    [Fact]
    public void Who_has_nothing_to_do_is_idle_and_not_stalled()
    {
        Assert.Equal("IDLE", TerminalStanding.Judge(Facts(Run(rows: 0)), Hourly, Noon.AddMinutes(5)).Status);
        Assert.Equal("ONLINE", TerminalStanding.Judge(Facts(Run(rows: 0)) with { Open = 3 }, Hourly, Noon.AddMinutes(5)).Status);
        Assert.Equal("STALLED", TerminalStanding.Judge(Facts(Run(rows: 0)), Hourly, Noon.AddMinutes(125)).Status);
    }

    [Fact]
    public void A_failed_run_stalls_it_at_once_and_rows_that_were_refused_do_not()
    {
        var failed = TerminalStanding.Judge(Facts(Run(rows: 0) with { Status = "FAILED", Error = "the file is gone" }), Hourly, Noon.AddMinutes(1));
        Assert.Equal(("STALLED", true), (failed.Status, failed.Why!.Contains("the file is gone", StringComparison.Ordinal)));
        Assert.Equal("ONLINE", TerminalStanding.Judge(Facts(Run(rows: 2) with { Status = "FAILED" }), Hourly, Noon.AddMinutes(1)).Status);
    }

    [Fact]
    public void Detached_never_synced_and_running_are_told_apart()
    {
        Assert.Equal("DETACHED", TerminalStanding.Judge(Facts(Run(rows: 1)) with { IsDetached = true }, Hourly, Noon).Status);
        Assert.Equal("NEVER", TerminalStanding.Judge(Facts(null), Hourly, Noon).Status);
        Assert.Equal("RUNNING", TerminalStanding.Judge(Facts(Run(rows: 0) with { Status = "RUNNING" }), Hourly, Noon.AddMinutes(3)).Status);
        // Whose host died long ago does not run for ever.
        Assert.Equal("STALLED", TerminalStanding.Judge(Facts(Run(rows: 0) with { Status = "RUNNING" }), Hourly, Noon.AddHours(5)).Status);
    }

    [Fact]
    public void Who_is_synced_and_proven_to_differ_is_not_called_in_step()
    {
        var facts = Facts(Run(rows: 5)) with { Different = new("T1", 2, Noon) };

        var standing = TerminalStanding.Judge(facts, Hourly, Noon.AddMinutes(5));

        Assert.Equal(("DIFFERENT", "It and central differ in 2 rows, as compared 5 min ago."), (standing.Status, standing.Why));
        Assert.Equal("STALLED", TerminalStanding.Judge(facts, Hourly, Noon.AddMinutes(125)).Status);
        Assert.Equal("DETACHED", TerminalStanding.Judge(facts with { IsDetached = true }, Hourly, Noon).Status);
    }

    [Fact]
    public void A_till_elsewhere_is_told_by_its_line_and_never_idle()
    {
        var agent = new SyncExpectation("its agent", last => last.AddMinutes(5)) { Agent = new AgentLine(Noon.AddMinutes(2), IsOpen: true) };
        Assert.Equal(("ONLINE", "Its agent is online."), Told(TerminalStanding.Judge(Facts(Run(rows: 0)), agent, Noon.AddMinutes(3))));
        Assert.Equal(("LATE", "Its agent is online, and has not synced since 8 min ago."), Told(TerminalStanding.Judge(Facts(Run(rows: 0)), agent, Noon.AddMinutes(8.5))));
        var gone = agent with { Agent = agent.Agent with { IsOpen = false } };
        Assert.Equal(("ONLINE", "Its agent was last heard 1 min ago."), Told(TerminalStanding.Judge(Facts(Run(rows: 0)), gone, Noon.AddMinutes(3))));
        Assert.Equal(("STALLED", "Offline: its agent was last heard 58 min ago."), Told(TerminalStanding.Judge(Facts(Run(rows: 0)), gone, Noon.AddHours(1))));
        Assert.Equal(("NEVER", "Its agent was let in, and has not synced yet."), Told(TerminalStanding.Judge(Facts(null), agent, Noon)));

        static (string, string?) Told(TerminalStanding standing) => (standing.Status, standing.Why);
    }

    [Fact]
    public void Of_several_schedules_the_first_one_counts()
    {
        var both = SyncExpectation.Of([Hourly, new("nightly", CronSchedule.Parse("0 3 * * *", "test").Next)])!;

        Assert.Equal(Noon.AddHours(1), both.Next(Noon));
        Assert.Null(SyncExpectation.Of([]));
    }

    private static TerminalFacts Facts(RunRow? run) => new() { RegisteredAt = Noon.AddDays(-1), LastRun = run };

    private static RunRow Run(long rows) => new() { Id = Guid.NewGuid(), Trigger = "schedule", Direction = "both", StartedAt = Noon.AddSeconds(1), CompletedAt = Noon.AddSeconds(2), Status = "SYNCED", Rows = rows };
}
