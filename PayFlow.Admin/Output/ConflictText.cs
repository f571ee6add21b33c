using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Output;

/// <summary>Conflicts for people, on a page 80 columns wide.</summary>
internal static class ConflictText
{
    private const int ShownRefusals = 20;

    public static void List(CommandOutput output, ConflictPage page, ConflictFilter filter)
    {
        if (page.Conflicts.Count == 0)
        {
            output.Line(filter.State == ConflictState.Open ? "No conflict waits for a decision." : "There is no such conflict.");
            return;
        }
        foreach (var conflict in page.Conflicts)
            Summary(output, conflict);
        output.Line();
        output.Line(page.After is { } after ? $"more: payflow conflicts list --after {after}" : $"{Figures.Count(page.Conflicts.Count, "conflict")}.");
        if (page.Conflicts.FirstOrDefault(c => c.State == ConflictState.Open) is { } open)
            output.Line($"next: payflow conflicts show {open.Id}");
    }

    public static void Show(CommandOutput output, ConflictDetail conflict)
    {
        output.Line($"Conflict {conflict.Id}, version {conflict.Version}: {conflict.Row}");
        output.Line($"  {Kind(conflict)}");
        output.Line($"  terminal  {conflict.Terminal}{(conflict.LocalKey is { } local && local != conflict.Key ? $", its row {local}" : string.Empty)}");
        output.Line($"  found     {Figures.Instant(conflict.DetectedAt)}, policy {conflict.Policy}{(conflict.UpdatedAt is { } at ? $"; changed again {Figures.Instant(at)}" : string.Empty)}");
        output.Line($"  state     {State(conflict)}");
        output.Line();
        Sides(output, conflict);
        Now(output, conflict);
        if (conflict.History.Count > 0)
        {
            output.Line();
            output.Line("History");
            foreach (var e in conflict.History)
                output.Line($"  {Figures.Instant(e.At)}  {e.What,-9} {e.Detail}{(e.By is { } by ? $" (by {by})" : string.Empty)}".TrimEnd());
        }
        if (conflict.State != ConflictState.Open)
            return;
        var id = $"payflow conflicts resolve {conflict.Id} --version {conflict.Version}";
        output.Line();
        output.Line($"next: {id} --take {(conflict.TerminalRow is null || conflict.CentralRow is null ? "keep|delete" : "terminal|central")}");
        if (conflict.Fields.Count > 0 && conflict.TerminalRow is not null)
            output.Line($"  or: {id} --set {ShellWord.Of(conflict.Fields[0])}=VALUE");
    }

    public static void Resolved(CommandOutput output, ResolutionOutcome outcome)
    {
        output.Line(outcome.WasResolved
            ? $"Conflict {outcome.Id} ({outcome.Row}) was decided just so already, on {Figures.Instant(outcome.At)} by {outcome.By}. Nothing was done."
            : $"Conflict {outcome.Id} ({outcome.Row}) is decided: {outcome.Resolution}.");
        if (outcome.Note is { } note)
            output.Line(note);
        if (outcome.RunId is { } run)
            output.Line($"run: {run}");
    }

    public static void Preview(CommandOutput output, BulkPreview preview, string? take)
    {
        if (preview.Total == 0)
        {
            output.Line("No open conflict fits; nothing would be decided.");
            return;
        }
        output.Line($"{Figures.Count(preview.Total, "open conflict")} would be decided{(take is null ? string.Empty : $": take {take}")}. Nothing was changed.");
        foreach (var count in preview.Counts)
            output.Line($"  {count.Table,-24} {count.Kind,-14} {Figures.Count(count.Conflicts),8}");
        output.Line("The first of them:");
        foreach (var conflict in preview.First)
            Summary(output, conflict);
        output.Line();
        output.Line("next: the same with --yes");
    }

    public static void Resolved(CommandOutput output, BulkResult result)
    {
        output.Line($"{Figures.Count(result.Resolved, "conflict")} decided, {Figures.Count(result.Refused.Count)} refused.");
        foreach (var refused in result.Refused.Take(ShownRefusals))
            output.Line($"  {refused.Reason}");
        if (result.Refused.Count > ShownRefusals)
            output.Line($"  … and {Figures.Count(result.Refused.Count - ShownRefusals)} more: payflow conflicts list");
    }

    private static void Summary(CommandOutput output, Conflict conflict)
    {
        output.Line($"#{conflict.Id}  {conflict.Row}");
        output.Line($"    {conflict.Kind}{(conflict.Fields.Count > 0 ? $" of {string.Join(", ", conflict.Fields)}" : string.Empty)}");
        output.Line($"    terminal {conflict.Terminal}, {State(conflict)}, found {Figures.Instant(conflict.DetectedAt)}");
    }

    private static void Sides(CommandOutput output, ConflictDetail conflict)
    {
        var names = new[] { conflict.TerminalRow, conflict.CentralRow, conflict.Base }.Where(r => r is not null).SelectMany(r => r!.Keys).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var equal = new List<string>();
        var other = conflict.Kind == ConflictKind.Unique ? $"central's {conflict.OtherKey}" : "central";
        var table = new SideBySide("agreed before", $"terminal {conflict.Terminal}", other);
        foreach (var name in names)
        {
            var values = new[] { Cell(conflict.Base, name), Cell(conflict.TerminalRow, name), Cell(conflict.CentralRow, name) };
            var isDisputed = conflict.Fields.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (!isDisputed && values[1] == values[2] && (conflict.Base is null || values[0] == values[1]))
                equal.Add(name);
            else
                table.Add(isDisputed ? "*" : string.Empty, name, values);
        }
        foreach (var line in table.Lines())
            output.Line(line);
        output.Line("  * in dispute; · no such row, or no such field then");
        if (equal.Count > 0)
            output.Line($"  the same everywhere: {string.Join(", ", equal)}");
    }

    private static void Now(CommandOutput output, ConflictDetail conflict)
    {
        if (conflict.State != ConflictState.Open)
            return;
        if (conflict.NowUnknown is { } unknown)
            output.Line($"  central's row cannot be read now: {unknown}");
        else if (conflict.NowRow is null && conflict.CentralRow is not null)
            output.Line("  central has deleted the row since");
        else if (conflict.MovedFields.Count > 0)
            output.Line($"  central has changed it since: {string.Join(", ", conflict.MovedFields.Select(f => $"{f} {Cell(conflict.NowRow, f)}"))}");
    }

    private static string Kind(Conflict conflict) => conflict.Kind switch
    {
        ConflictKind.UpdateUpdate => "The till and central changed the same fields.",
        ConflictKind.UpdateDelete => "The till changed the row, and central deleted it.",
        ConflictKind.DeleteUpdate => "The till deleted the row, and central changed it.",
        ConflictKind.InsertInsert => "The till and central each made a row under this key.",
        _ => $"The till's row has a value that central's row {conflict.OtherKey} has already.",
    };

    private static string State(Conflict conflict) => conflict.State == ConflictState.Open
        ? "open"
        : $"{conflict.Resolution} by {conflict.ResolvedBy}{(conflict.ResolvedAt is { } at ? $" on {Figures.Instant(at)}" : string.Empty)}";

    private static string Cell(IReadOnlyDictionary<string, CellValue>? row, string name) =>
        row is null || !row.TryGetValue(name, out var value) ? "·" : value.IsNull ? "NULL" : value.ToString();
}
