using PayFlow.Admin.Demo;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Output;

/// <summary>What the demo tells while it goes on.</summary>
internal static class DemoText
{
    /// <summary>When the tills are synced.</summary>
    public static string Schedule(ScheduleRecord? schedule) => schedule switch
    {
        null => "by no schedule",
        { IsPaused: true } => "by hand alone, for the schedule is paused",
        { Draft.Cron: DemoConsole.Schedule } => "every ten seconds",
        _ => $"by the schedule {schedule.Draft.Cron} ({schedule.Draft.Zone})",
    };

    /// <summary>What there is to do for whoever looks.</summary>
    public static string Troubles(long conflicts, long deadLetters) => (conflicts, deadLetters) switch
    {
        (0, 0) => "Nothing waits for a decision.",
        (_, 0) => $"{Figures.Count(conflicts, "conflict")} {Waits(conflicts)} for a decision.",
        (0, _) => $"{Figures.Count(deadLetters, "row")} {Waits(deadLetters)} for a correction.",
        _ => $"{Figures.Count(conflicts, "conflict")} {Waits(conflicts)} for a decision, and {Figures.Count(deadLetters, "row")} for a correction.",
    };

    private static string Waits(long number) => number == 1 ? "waits" : "wait";

    /// <summary>What moved, a row per table and a column per till and way.</summary>
    public static void Moved(CommandOutput output, DemoRound round, IReadOnlyList<DemoTill> tills)
    {
        var ways = new[] { SyncDirection.Pull, SyncDirection.Push }.SelectMany(d => tills.Select(t => (t.Id, Direction: d))).ToList();
        var table = new TextTable("table").WithFigures([.. ways.Select(w => DirectionLabel.Of(w.Id, w.Direction))]);
        foreach (var name in round.Tables)
            table.Add([name], [.. ways.Select(w => round.MovedOf(w.Id, w.Direction, name))]);
        if (!table.IsEmpty)
            output.Table(table);
        output.Line($"  {Figures.Count(round.Moved, "row")} moved in {Figures.Time(round.Time)}");
    }

    /// <summary>What bootstrap found, a row per till.</summary>
    public static void Bootstrapped(CommandOutput output, DemoRound round, IReadOnlyList<DemoTill> tills)
    {
        var table = new TextTable("till").WithFigures("rows compared", "central lacked them: sent", "on both sides: linked", "on both sides, but different");
        foreach (var till in tills.Where(t => round.SumOf(t.Id, p => p.Read) > 0))
        {
            var (read, sent, different) = (round.SumOf(till.Id, p => p.Read), round.SumOf(till.Id, p => p.Inserted), round.SumOf(till.Id, p => p.Conflicts));
            table.Add([till.Id], read, sent, read - sent - different, different);
        }
        if (table.IsEmpty)
        {
            output.Line("  nothing to compare: that was done before");
            return;
        }
        output.Table(table);
        if (round.RowsLeft > 0)
            output.Line($"  {Figures.Count(round.RowsLeft, "row")}: both sides have values of their own and no common past, so somebody has to decide; nothing else waits for them");
    }
}
