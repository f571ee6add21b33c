using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Rollbacks;

namespace PayFlow.Admin.Output;

/// <summary>What a rollback did, for people and as JSON.</summary>
internal static class RollbackText
{
    private const int Shown = 20;

    public static void Show(CommandOutput output, RollbackReport report)
    {
        var run = report.Undone;
        output.Line($"Run {run.Id} ({run.SyncType}, {run.Direction}, terminal {run.Terminal}, {Figures.Instant(run.StartedAt)})");
        if (report.Tables.Count == 0)
            output.Line(report.TerminalPart == TerminalPart.Nothing ? "It wrote no rows: there is nothing to roll back." : "Nothing to roll back here.");
        var table = new TextTable("where", "table").WithFigures("inserted again", "changed back", "removed", "back already", "left");
        foreach (var counts in report.Tables)
            table.Add([counts.Side == RollbackSide.Central ? "central" : "till", counts.Table], counts.Inserted, counts.Updated, counts.Deleted, counts.AlreadyBack, counts.Left);
        if (!table.IsEmpty)
            output.Table(table);
        foreach (var left in report.Left.Take(Shown))
            output.Line($"left: {(left.Side == RollbackSide.Central ? "central" : "till")} {left.Table} {left.Key}: {left.Reason}");
        if (report.LeftCount > Shown)
            output.Line($"… and {Figures.Count(report.LeftCount - Math.Min(Shown, report.Left.Count))} more.");
        foreach (var note in report.Notes)
            output.Line(note);
        ShowApart(output, report);
        if (report.WasBack)
            output.Line($"It is rolled back already, by run {report.Earlier}: nothing {(report.IsDryRun ? "would have" : "had")} to be done.");
        else
            output.Line(report.IsDryRun
                ? $"Nothing was changed: {Figures.Count(report.Moved, "row")} would go back, {Figures.Count(report.LeftCount)} would be left."
                : $"{Figures.Count(report.Moved, "row")} went back, {Figures.Count(report.LeftCount)} left. This rollback is run {report.RunId}, and can be rolled back itself.");
    }

    private static void ShowApart(CommandOutput output, RollbackReport report)
    {
        if (report.Apart == 0)
            return;
        var tables = string.Join(", ", report.Tables.Where(t => t.Apart > 0).Select(t => $"{t.Table} {Figures.Count(t.Apart)}"));
        var file = $"--sqlite {(report.TerminalPath is { } path ? ShellWord.Of(path) : "FILE")}";
        output.Line($"The other side keeps what it has: the two sides {(report.IsDryRun ? "would then" : "now")} differ in {(report.Apart == 1 ? "this row" : $"these {Figures.Count(report.Apart)} rows")} ({tables}),");
        output.Line("and no sync makes them equal by itself.");
        output.Line($"  next: payflow verify {file}        (lists them)");
        output.Line($"  then: payflow repair --from central {file}        (or --from terminal: makes them equal)");
    }

    public static object Json(RollbackReport report) => new
    {
        ok = report.LeftCount == 0,
        run = report.Undone.Id,
        rollback = report.RunId,
        dryRun = report.IsDryRun,
        terminal = report.Undone.Terminal,
        moved = report.Moved,
        apart = report.Apart,
        earlier = report.Earlier,
        leftCount = report.LeftCount,
        terminalPart = report.TerminalPart.ToString().ToLowerInvariant(),
        tables = report.Tables.Select(t => new { side = t.Side.ToString().ToLowerInvariant(), table = t.Table, inserted = t.Inserted, updated = t.Updated, deleted = t.Deleted, alreadyBack = t.AlreadyBack, apart = t.Apart, left = t.Left }),
        left = report.Left.Select(l => new { side = l.Side.ToString().ToLowerInvariant(), table = l.Table, key = l.Key, reason = l.Reason }),
        notes = report.Notes,
    };
}
