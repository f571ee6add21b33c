using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Output;

/// <summary>A run for people: what moved, what waits, and what to do next.</summary>
internal static class RunReportText
{
    /// <param name="output">Where to.</param>
    /// <param name="report">The run.</param>
    /// <param name="path">The till's file, for the next command.</param>
    /// <param name="headline">The first line.</param>
    /// <param name="request">What was asked for: in a bootstrap a row that both sides have was linked, and a dry run moved nothing.</param>
    public static void Show(CommandOutput output, RunReport report, string path, string headline, SyncRequest request)
    {
        output.Line(headline);
        var table = new TextTable("table", "way").WithFigures("read", "new", "changed", "deleted", request.Bootstrap ? "linked" : "same", "conflicts", "failed", "waiting", "skipped");
        foreach (var t in report.Tables)
            table.Add([t.Table, DirectionLabel.Of(report.Terminal, t.Direction)], t.Read, t.Inserted, t.Updated, t.Deleted, t.Unchanged, t.Conflicts, t.Failed, t.Waiting, t.Skipped);
        if (!table.IsEmpty)
            output.Table(table);
        output.Line($"{Figures.Count(report.Moved, "row")} {(request.IsDryRun ? "would move; compared" : "moved")} in {Figures.Time(report.CompletedAt - report.StartedAt)}.");
        if (report.Settled > 0)
            output.Line($"{Figures.Count(report.Settled, "row")} differed on both sides: settled by the conflict policy of the table; both values are kept in payflow.conflicts.");
        foreach (var warning in report.Warnings)
            output.Line($"warning: {warning}");
        ShowWaiting(output, report, path);
    }

    private static void ShowWaiting(CommandOutput output, RunReport report, string path)
    {
        // A till elsewhere has no central at hand: what needs it is done in the console.
        var isElsewhere = DeviceFile.Exists(path);
        if (report.WaitingForBootstrap > 0)
        {
            output.Line($"waiting: {Figures.Count(report.WaitingForBootstrap, "row")} from before the attachment, not compared with central yet");
            output.Line($"  next: payflow {(isElsewhere ? "agent" : "bootstrap")} --sqlite {ShellWord.Of(path)}");
        }
        if (report.Queue.GetValueOrDefault("PENDING") + report.Queue.GetValueOrDefault("SYNCING") is > 0 and var pending)
            output.Line($"waiting: {Figures.Count(pending, "change")} of the till, for the next sync");
        if (report.Conflicts > 0)
            output.Line($"conflicts: {Figures.Count(report.Conflicts, "row")} changed on both sides, waiting for a decision");
        if (report.Conflicts > 0)
            output.Line(isElsewhere ? $"  next: decide them in the console, under Conflicts, terminal {report.Terminal}" : $"  next: payflow conflicts list --terminal {ShellWord.Of(report.Terminal)}");
        if (report.Queue.GetValueOrDefault("FAILED") is > 0 and var failed)
            output.Line($"failed: {Figures.Count(failed, "row")} refused by central");
        if (report.SetAside > 0)
            output.Line($"failed: {Figures.Count(report.SetAside, "row")} refused by the till, tried again at each sync");
        if (!report.IsClean)
            output.Line(isElsewhere ? $"  next: payflow agent status --sqlite {ShellWord.Of(path)}        (the console lists them with their reasons)" : $"  next: payflow status --sqlite {ShellWord.Of(path)}        (lists them with their reasons)");
    }
}
