using System.Globalization;
using System.Text.Json;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Output;

/// <summary>A till's state for people.</summary>
internal static class StatusText
{
    public static void Show(CommandOutput output, TerminalStatus status)
    {
        var name = status.Registered?.Name is { } given ? $" ({given})" : string.Empty;
        var detached = status.Registered is { State: TerminalState.Detached } ? ", detached" : string.Empty;
        output.Line($"Terminal {status.Terminal}{name}{detached}");
        output.Line($"  file        {status.Local?.Path ?? status.Registered?.FilePath ?? "a remote terminal"}");
        if (status.CentralError is not null)
            output.Line($"  central     not reached, so this is the till's own view: {status.CentralError}");
        if (status.Registered is { Attributes.Count: > 0 } registered)
            output.Line($"  attributes  {string.Join(", ", registered.Attributes.Select(a => $"{a.Key}={a.Value}"))}");
        output.Line($"  last run    {LastRun(status)}");
        if (status.LastRun is { Error: { } error })
            output.Line($"              {error}{(status.LastRun.Hint is { } hint ? $" (hint: {hint})" : string.Empty)}");
        if (status.Local is { } local)
            ShowLocal(output, local);
        else if (status.Registered is { } known)
            output.Line($"  queue       as last reported: {Reported(known)}");
        ShowConflicts(output, status.Conflicts);
        ShowNext(output, status);
        output.Line();
    }

    private static string LastRun(TerminalStatus status)
    {
        if (status.LastRun is { } run)
        {
            var time = run.CompletedAt is { } end ? $" in {Figures.Time(end - run.StartedAt)}" : string.Empty;
            return $"{Figures.Instant(run.StartedAt)}  {run.SyncType}, {run.Direction}: {run.Status}, {Figures.Count(run.Records, "row")} moved{time}";
        }
        return status.Local?.LastRun is { } own
            ? $"{Figures.Instant(own.StartedAt)}  {own.SyncType}, {own.Direction}: {own.Status}, {Figures.Count(own.Records, "row")} moved (the last that moved something)"
            : "none yet";
    }

    private static void ShowLocal(CommandOutput output, TerminalView local)
    {
        output.Line($"  queue       {(local.Open == 0 ? "empty: central has everything that was captured" : Figures.Count(local.Open, "open change"))}");
        if (local.Open > 0)
        {
            var queue = new TextTable("    priority").WithFigures([.. local.Queue.Select(q => q.Status).Distinct()]);
            var states = local.Queue.Select(q => q.Status).Distinct().ToList();
            foreach (var priority in local.Queue.GroupBy(q => q.Priority))
                queue.Add(["    " + priority.Key.ToString(CultureInfo.InvariantCulture)], [.. states.Select(s => priority.Where(q => q.Status == s).Sum(q => q.Entries))]);
            output.Table(queue);
        }
        if (local.WaitingForBootstrap > 0)
        {
            output.Line($"  waiting     {Figures.Count(local.WaitingForBootstrap, "row")} older than the capture ({string.Join(", ", local.Tables.Where(t => t.WaitingForBootstrap > 0).Select(t => $"{t.Table} {Figures.Count(t.WaitingForBootstrap)}"))})");
            output.Line($"              next: payflow bootstrap --sqlite {ShellWord.Of(local.Path)}");
        }
        ShowCheckpoints(output, local);
        ShowStuck(output, "failed or in conflict, on the way to central", local.Stuck);
        ShowStuck(output, "refused by the till", local.SetAside);
    }

    // Tables that stand at the same place stand in one line.
    private static void ShowCheckpoints(CommandOutput output, TerminalView local)
    {
        if (local.Tables.Count == 0)
            return;
        var checkpoints = new TextTable("    checkpoint", "first load", "tables");
        foreach (var group in local.Tables.GroupBy(t => (t.Position, t.Load)))
            checkpoints.Add(["    " + (group.Key.Position ?? "none: nothing has come down"), group.Key.Load == TableCheckpoint.NoLoad ? "only goes up" : group.Key.Position is null && group.Key.Load == "waiting" ? "-" : group.Key.Load, string.Join(", ", group.Select(t => t.Table))]);
        output.Table(checkpoints);
    }

    private static void ShowStuck(CommandOutput output, string title, IReadOnlyList<StuckRow> rows)
    {
        if (rows.Count == 0)
            return;
        output.Line($"  {title}:");
        foreach (var row in rows)
        {
            var next = row.NextAttemptAt is { } at ? $", tried again at {Figures.Instant(at)}" : string.Empty;
            output.Line($"    {row.Status} {row.Table} {row.Key}: {row.Reason ?? "no reason given"} ({Figures.Count(row.Attempts, "attempt")}{next})");
        }
    }

    private static void ShowConflicts(CommandOutput output, IReadOnlyList<OpenConflict> conflicts)
    {
        if (conflicts.Count == 0)
            return;
        output.Line("  conflicts that wait for a decision:");
        foreach (var conflict in conflicts)
            output.Line($"    #{conflict.Id} {conflict.Table} {conflict.Key}: {conflict.Kind}{(conflict.Fields.Count > 0 ? " of " + string.Join(", ", conflict.Fields) : string.Empty)}, since {Figures.Instant(conflict.DetectedAt)}");
    }

    private static void ShowNext(CommandOutput output, TerminalStatus status)
    {
        if (status.Conflicts.Count > 0)
            output.Line($"  next: payflow conflicts list --terminal {ShellWord.Of(status.Terminal)}");
        if (status.Local is { } local && (local.SetAside.Count > 0 || local.Stuck.Any(r => r.Status == "FAILED")))
            output.Line($"  next: payflow queue list --sqlite {ShellWord.Of(local.Path)}");
    }

    private static string Reported(TerminalRecord record)
    {
        var queue = JsonSerializer.Deserialize<Dictionary<string, long>>(record.Queue) ?? [];
        var states = queue.Where(q => q.Value > 0).Select(q => $"{Figures.Count(q.Value)} {q.Key}").ToList();
        if (record.WaitingRows > 0)
            states.Add($"{Figures.Count(record.WaitingRows, "row")} waiting for bootstrap");
        return states.Count == 0 ? "empty" : string.Join(", ", states);
    }
}
