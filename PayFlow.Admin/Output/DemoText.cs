using PayFlow.Admin.Demo;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Output;

/// <summary>What the demo tells while it goes on.</summary>
internal static class DemoText
{
    /// <summary>What moved, a row per table and a column per till and way.</summary>
    public static void Moved(CommandOutput output, DemoRound round, IReadOnlyList<DemoTill> tills)
    {
        var ways = new[] { SyncDirection.Pull, SyncDirection.Push }.SelectMany(d => tills.Select(t => (t.Id, Direction: d))).ToList();
        var table = new TextTable("table").WithFigures([.. ways.Select(w => DirectionLabel.Of(w.Id, w.Direction))]);
        foreach (var name in round.Tables)
            table.Add([name], [.. ways.Select(w => round.MovedOf(w.Id, w.Direction, name))]);
        if (!table.IsEmpty)
            output.Table(table);
        output.Line($"  {Figures.Count(round.Moved, "row")} moved in {Figures.Time(round.Time)}{Left(round)}");
    }

    /// <summary>What bootstrap found, a row per till.</summary>
    public static void Bootstrapped(CommandOutput output, DemoRound round, IReadOnlyList<DemoTill> tills)
    {
        var table = new TextTable("till").WithFigures("rows compared", "central had them: linked", "central lacked them: uploaded");
        foreach (var till in tills.Where(t => round.ReadOf(t.Id) > 0))
            table.Add([till.Id], round.ReadOf(till.Id), round.ReadOf(till.Id) - round.Reports.Where(r => r.Terminal == till.Id).SelectMany(r => r.Tables).Sum(t => t.Inserted), round.Reports.Where(r => r.Terminal == till.Id).SelectMany(r => r.Tables).Sum(t => t.Inserted));
        if (table.IsEmpty)
            output.Line("  nothing to compare: that was done before");
        else
            output.Table(table);
    }

    /// <summary>One line for one round of the endless demo.</summary>
    public static string Line(DemoRound round, IReadOnlyList<DemoTill> tills, int sales, int changes)
    {
        var up = string.Join("  ", tills.Select(t => $"{t.Id} {Figures.Count(round.MovedOf(t.Id, SyncDirection.Pull))}"));
        var down = string.Join("  ", tills.Select(t => $"{t.Id} {Figures.Count(round.MovedOf(t.Id, SyncDirection.Push))}"));
        return $"{Figures.Count(sales, "sale")}, {Figures.Count(changes, "change")} in the head office:  tills → central  {up}  |  central → tills  {down}  |  {Figures.Time(round.Time)}{Left(round)}";
    }

    private static string Left(DemoRound round) => round.RowsLeft == 0 ? string.Empty : $"; {Figures.Count(round.RowsLeft, "row")} in conflict or failed (payflow status lists them)";
}
