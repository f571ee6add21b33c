using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Output;

/// <summary>A till's queue for people, on a page 80 columns wide.</summary>
internal static class QueueText
{
    private const int LostColumns = 3;
    private const int LostLength = 16;

    public static void List(CommandOutput output, string terminal, string path, IReadOnlyList<QueuedRow> rows, bool isComplete)
    {
        var up = rows.Where(r => r.Status != QueueFilter.SetAside).ToList();
        var aside = rows.Where(r => r.Status == QueueFilter.SetAside).ToList();
        if (rows.Count == 0)
            output.Line($"Nothing waits in terminal {terminal}.");
        if (up.Count > 0)
            output.Line($"Terminal {terminal}, on the way up:");
        foreach (var row in up)
            Row(output, row);
        if (aside.Count > 0)
            output.Line($"Terminal {terminal}, set aside on the way down:");
        foreach (var row in aside)
            Row(output, row);
        if (!isComplete)
            output.Line("There are more: --limit shows more of them.");
        if (rows.FirstOrDefault(r => r.Status is "FAILED" or "ASIDE") is { } stuck)
            output.Line($"next: payflow queue show --sqlite {ShellWord.Of(path)} {ShellWord.Of(stuck.Table)} {ShellWord.Of(stuck.Key)}");
    }

    public static void Show(CommandOutput output, string terminal, string path, QueuedRowDetail detail)
    {
        var entry = detail.Entry;
        output.Line($"{entry.Table}/{entry.Key} of terminal {terminal}");
        output.Line($"  state     {State(entry)}{(entry.Action is { } action ? $", {action.ToLowerInvariant()}" : string.Empty)}");
        output.Line($"  attempts  {Figures.Count(entry.Attempts)}; {Next(entry)}");
        if (entry.Error is { Length: > 0 } error)
            output.Line($"  because   {error}");
        if (entry.Since is { } since)
            output.Line($"  since     {Figures.Instant(since)}");
        output.Line();
        Values(output, detail);
        output.Line();
        var row = $"--sqlite {ShellWord.Of(path)} {ShellWord.Of(entry.Table)} {ShellWord.Of(entry.Key)}";
        switch (entry.Status)
        {
            case "CONFLICT":
                output.Line($"next: payflow conflicts list --terminal {ShellWord.Of(terminal)} --table {ShellWord.Of(entry.Table)}");
                break;
            case QueueFilter.SetAside:
                output.Line("next: change what is in its way, at the till or in central; each sync tries it again");
                break;
            case "SYNCING":
                output.Line($"next: payflow sync --sqlite {ShellWord.Of(path)}");
                break;
            default:
                output.Line($"next: payflow queue edit {row} --set COLUMN=VALUE");
                output.Line($"  or: payflow queue requeue {row}");
                output.Line($"  or: payflow queue discard {row}");
                break;
        }
    }

    public static void Preview(CommandOutput output, IReadOnlyList<DiscardStep> steps)
    {
        if (steps.Count == 0)
        {
            output.Line("No row fits; nothing would be given up.");
            return;
        }
        foreach (var step in steps)
        {
            output.Line($"{step.Entry.Table}/{step.Entry.Key}: {Would(step)}");
            if (step.Hint is { } hint)
                output.Line($"    {hint}");
            if (step is { Effect: not DiscardEffect.Refused, Lost.Count: > 0 })
                output.Line($"    lost: {Lost(step.Lost)}");
        }
        output.Line();
        output.Line("Nothing was changed.");
        if (steps.Any(s => s.Effect != DiscardEffect.Refused))
            output.Line("next: the same with --yes");
    }

    public static string Done(DiscardStep step) => step.Effect switch
    {
        DiscardEffect.Restored => $"{step.Entry.Table}/{step.Entry.Key} has central's values again.",
        DiscardEffect.Removed => $"{step.Entry.Table}/{step.Entry.Key} is gone from the till; its values are in central's audit.",
        _ => $"{step.Entry.Table}/{step.Entry.Key} is out of the queue.",
    };

    public static object Json(DiscardStep step) => new { table = step.Entry.Table, key = step.Entry.Key, status = step.Entry.Status, effect = step.Effect, lost = PlainValue.Of(step.Lost), reason = step.Reason, hint = step.Hint };

    private static string Lost(IReadOnlyDictionary<string, CellValue> row)
    {
        var shown = row.Take(LostColumns).Select(v => $"{v.Key} {(v.Value.IsNull ? "NULL" : Short(v.Value.ToString()))}");
        return string.Join(", ", shown) + (row.Count > LostColumns ? ", …" : string.Empty);
    }

    private static string Short(string text) => text.Length <= LostLength ? text : text[..(LostLength - 1)] + "…";

    private static string Would(DiscardStep step) => step.Effect switch
    {
        DiscardEffect.Restored => "would take central's values again",
        DiscardEffect.Removed => "would go from the till: central does not have it",
        DiscardEffect.Closed => "would leave the queue: neither side has the row",
        _ => $"cannot be given up: {step.Reason}",
    };

    private static void Row(CommandOutput output, QueuedRow row)
    {
        output.Line($"  {State(row),-11} {row.Table}/{row.Key}{(row.Action is { } action ? $"  {action.ToLowerInvariant()}" : string.Empty)}");
        if (row.Error is { Length: > 0 } error)
            output.Line($"              {error}");
        if (row.Attempts > 0 || row.NextAttemptAt is not null)
            output.Line($"              {Figures.Count(row.Attempts, "attempt")}; {Next(row)}");
    }

    private static string State(QueuedRow row) => row.IsDeadLetter ? "DEAD LETTER" : row.Status;

    private static string Next(QueuedRow row) => row switch
    {
        { IsDeadLetter: true } => "not tried again by itself",
        { Status: "SYNCING" } => "on its way now",
        { Status: "CONFLICT" } => "waits for a decision in central",
        { WaitsFor: { } parent } => $"goes by itself when {parent} has gone",
        { NextAttemptAt: { } at } => $"tried again {Figures.Instant(at)}",
        _ => "due at the next sync",
    };

    private static void Values(CommandOutput output, QueuedRowDetail detail)
    {
        if (detail.Row is null && detail.Base is null)
        {
            output.Line(detail.Entry.Status == QueueFilter.SetAside ? "  The row is in central; the till does not have it so." : "  The till has no such row, and central never had it.");
            return;
        }
        var table = new SideBySide("agreed before", "the till's row");
        foreach (var name in (detail.Row ?? detail.Base)!.Keys)
        {
            var (was, now) = (Cell(detail.Base, name), Cell(detail.Row, name));
            table.Add(detail is { Base: not null, Row: not null } && was != now && was != "·" ? "*" : string.Empty, name, was, now);
        }
        foreach (var line in table.Lines())
            output.Line(line);
        output.Line(detail.Base is null ? "  central never had the row" : detail.Row is null ? "  the row was deleted at the till" : "  * changed at the till");
    }

    private static string Cell(IReadOnlyDictionary<string, CellValue>? row, string name) =>
        row is null || !row.TryGetValue(name, out var value) ? "·" : value.IsNull ? "NULL" : value.ToString();
}
