using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>
/// What a choice makes of a conflict, as a function of its images: no database, no clock. The choice is about the fields in dispute; every other field comes from the side
/// that changed it, whatever is chosen, so that nobody gives up a change that was never shown to be in question.
/// </summary>
internal sealed class ConflictRules(ConflictTable table, ConflictDetail conflict, CellValue[]? central)
{
    private readonly IReadOnlyList<string> _names = table.Names;

    /// <summary>Central's row after the decision; null when it is to go, or never to come.</summary>
    /// <exception cref="SyncException">The choice does not fit the conflict.</exception>
    public CellValue[]? Decide(ConflictChoice choice)
    {
        var side = Side(choice.Take);
        return choice.Fields.Count > 0 ? ByField(choice, side)
            : side switch
            {
                ConflictSide.Terminal => Terminal(),
                ConflictSide.Central => Central(),
                _ => throw Wrong("nothing was chosen", "Take terminal or central, or give fields their values."),
            };
    }

    /// <summary>The word under which a choice is kept.</summary>
    public string Word(ConflictChoice choice) => choice.Fields.Count > 0 ? "values" : Side(choice.Take) == ConflictSide.Terminal ? "terminal" : "central";

    /// <summary>The conflict was decided before, and in just this way.</summary>
    public bool Repeats(ConflictChoice choice, string resolution)
    {
        if (choice.Fields.Count == 0)
            return choice.Take switch
            {
                ConflictSide.Terminal => resolution == "terminal",
                ConflictSide.Central => resolution == "central",
                ConflictSide.Keep => resolution is "terminal" or "central" && conflict.Resolved is not null,
                _ => resolution is "terminal" or "central" && conflict.Resolved is null,
            };
        return resolution == "values" && conflict.Resolved is { } row && choice.Fields.All(f => f.Value.Source switch
        {
            FieldSource.Terminal => Agrees(row, f.Key, conflict.TerminalRow),
            FieldSource.Central => Agrees(row, f.Key, conflict.CentralRow),
            FieldSource.Base => Agrees(row, f.Key, conflict.Base),
            _ => row.TryGetValue(f.Key, out var now) && (IsSame(now, f.Value.Value) || now.IsNull == f.Value.Value.IsNull && now.ToString() == f.Value.Value.ToString()),
        });
    }

    private CellValue[]? Terminal(ConflictChoice? choice = null) => conflict.TerminalRow is not { } row ? null
        : central is null ? Rowwise((name, i) => Known(row, name, i, choice))
        : Rowwise((name, i) => IsDisputed(name) ? row.GetValueOrDefault(name, central[i]) : Merged(name, i));

    // What adds up is not kept with a conflict while central has the row; when central deletes it later, nobody here knows the till's value.
    private CellValue Known(IReadOnlyDictionary<string, CellValue> row, string name, int i, ConflictChoice? choice) =>
        row.TryGetValue(name, out var value) ? value
        : choice?.Fields.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) != true && IsFree(i)
            ? throw Wrong($"central has deleted the row meanwhile, and what the terminal has in {name} is not known here", $"Give it a value as well, or take central: --set {name}=…")
        : default;

    private CellValue[]? Central() => central is null || conflict.TerminalRow is null ? central
        : Rowwise((name, i) => IsDisputed(name) ? central[i] : Merged(name, i));

    // Not in dispute: it comes from the side that changed it. Where both seem to have, one of them only spells it differently.
    private CellValue Merged(string name, int i) =>
        conflict.Base is { } last && last.TryGetValue(name, out var was) && conflict.TerminalRow!.TryGetValue(name, out var now) && !IsSame(now, was) && IsSame(central![i], was) ? now : central![i];

    private CellValue[] ByField(ConflictChoice choice, ConflictSide? side)
    {
        RequireKnown(choice);
        var missing = side is not null || central is null || conflict.TerminalRow is null ? []
            : conflict.Fields.Where(f => !choice.Fields.ContainsKey(Name(f))).ToList();
        if (missing.Count > 0)
            throw Wrong($"nothing was chosen for {string.Join(", ", missing)}", "Give every field in dispute a value, or take a side for the others.");
        var start = (side == ConflictSide.Central ? Central() ?? Terminal(choice) : side == ConflictSide.Terminal ? Terminal(choice) : Terminal(choice) ?? central)
            ?? throw Wrong("a row that goes has no values", "Take the side that still has it, or leave the fields out.");
        // A copy: central's own row is what the decided one is compared with.
        CellValue[] result = [.. start];
        foreach (var (field, chosen) in choice.Fields)
        {
            var i = Index(field)!.Value;
            result[i] = chosen.Source switch
            {
                FieldSource.Terminal => Of(conflict.TerminalRow, i, "the terminal"),
                FieldSource.Central => central is null ? throw NoSide(i, "central") : central[i],
                FieldSource.Base => Of(conflict.Base, i, "the last agreed state"),
                _ => chosen.Value,
            };
        }
        return result;
    }

    private void RequireKnown(ConflictChoice choice)
    {
        foreach (var field in choice.Fields.Keys)
        {
            if (Index(field) is not { } i)
                throw Wrong($"{conflict.Table} has no column {field}", $"Its columns are {string.Join(", ", Enumerable.Range(0, _names.Count).Where(IsFree).Select(c => _names[c]))}.");
            if (!IsFree(i))
                throw Wrong($"{_names[i]} {(table.Plan.Columns[i].IsKey ? "is the row's key" : "is computed by central")} and cannot be decided", "Leave it out.");
        }
    }

    private ConflictSide? Side(ConflictSide? asked)
    {
        if (asked is not (ConflictSide.Keep or ConflictSide.Delete))
            return asked;
        return (conflict.TerminalRow is null, central is null) switch
        {
            (true, false) => asked == ConflictSide.Keep ? ConflictSide.Central : ConflictSide.Terminal,
            (false, true) => asked == ConflictSide.Keep ? ConflictSide.Terminal : ConflictSide.Central,
            _ => throw Wrong("neither side has deleted the row", "Take terminal or central, or give fields their values."),
        };
    }

    private bool IsFree(int column) => !table.Plan.Columns[column].IsKey && !table.Plan.Columns[column].IsGeneratedInCentral;

    private bool IsDisputed(string name) => conflict.Fields.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool Agrees(IReadOnlyDictionary<string, CellValue> row, string field, IReadOnlyDictionary<string, CellValue>? side) =>
        row.TryGetValue(field, out var now) && side is not null && side.TryGetValue(field, out var theirs) && IsSame(now, theirs);

    // The recorded images come from both databases, which spell numbers each in their own way.
    private static bool IsSame(in CellValue a, in CellValue b) =>
        a == b || ExactDecimal.TryRead(a, out var left) && ExactDecimal.TryRead(b, out var right) && left == right;

    private CellValue[] Rowwise(Func<string, int, CellValue> value) => [.. _names.Select((name, i) => value(name, i))];

    private CellValue Of(IReadOnlyDictionary<string, CellValue>? row, int column, string side) =>
        row is not null && row.TryGetValue(_names[column], out var value) ? value : throw NoSide(column, side);

    private int? Index(string field)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            if (string.Equals(_names[i], field, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return null;
    }

    private string Name(string field) => Index(field) is { } i ? _names[i] : field;

    private SyncException NoSide(int column, string side) => Wrong($"{side} has no value for {_names[column]}", "Give a value instead.");

    private SyncException Wrong(string reason, string hint) =>
        new(SyncErrorCode.InvalidConfiguration, $"Conflict {conflict.Id} ({conflict.Row}): {reason}", hint) { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key ?? conflict.LocalKey };
}
