using PayFlow.Admin.Views.Values;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Makes the fields of a conflict out of its images: which differ, who changed them, and what follows by itself. The same rules as the engine's decision, so that what is suggested is what happens.</summary>
internal static class FieldSorting
{
    /// <summary>All fields in the table's order.</summary>
    public static List<EditedField> Sort(ConflictDetail conflict, DecisionShape shape)
    {
        var central = CentralNow(conflict);
        var names = conflict.Columns.Select(c => c.Name)
            .Concat(new[] { conflict.TerminalRow, central, conflict.Base, conflict.Resolved }.Where(r => r is not null).SelectMany(r => r!.Keys))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(n => Field(conflict, central, shape, n))];
    }

    /// <summary>Central's row as it is now, or as it was when it was decided about.</summary>
    public static IReadOnlyDictionary<string, CellValue>? CentralNow(ConflictDetail conflict) =>
        conflict.State == ConflictState.Resolved || conflict.NowUnknown is not null ? conflict.CentralRow : conflict.NowRow;

    /// <summary>The same value, however each side spells a number.</summary>
    public static bool IsSame(in CellValue one, in CellValue other) =>
        one == other || ExactDecimal.TryRead(one, out var left) && ExactDecimal.TryRead(other, out var right) && left == right;

    private static EditedField Field(ConflictDetail conflict, IReadOnlyDictionary<string, CellValue>? centralRow, DecisionShape shape, string name)
    {
        var column = conflict.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
        var (last, terminal, central) = (Value(conflict.Base, name), Value(conflict.TerminalRow, name), Value(centralRow, name));
        var isInDispute = shape != DecisionShape.RestoreOrDelete && conflict.Fields.Contains(name, StringComparer.OrdinalIgnoreCase);
        var isDiffering = isInDispute || column is not { IsKey: true } && (shape == DecisionShape.RestoreOrDelete
            ? Differs(last, terminal ?? central)
            : Differs(terminal, central));
        var suggestion = Suggest(shape, isInDispute, last, terminal, central);
        return new EditedField
        {
            Name = name,
            Column = column,
            Base = last,
            Terminal = terminal,
            Central = central,
            ChangedBy = Changed(last, terminal, central),
            IsDisputed = isInDispute,
            IsTaken = isInDispute && shape == DecisionShape.TakenValue,
            IsDiffering = isDiffering,
            IsOnlyBlanks = terminal is { } t && central is { } c && t != c && ValueText.IsAlike(t, c),
            Suggestion = suggestion,
            Pick = suggestion,
        };
    }

    private static FieldPick Suggest(DecisionShape shape, bool isInDispute, CellValue? last, CellValue? terminal, CellValue? central)
    {
        if (isInDispute)
            return FieldPick.None;
        if (shape == DecisionShape.TakenValue)
            return terminal is null ? FieldPick.None : FieldPick.Terminal;
        if (terminal is null || central is null)
            return terminal is not null ? FieldPick.Terminal : central is not null ? FieldPick.Central : FieldPick.None;
        // From the side that changed it. Where both seem to have, one of them only spells it differently: central's stands.
        return last is { } was && !IsSame(terminal.Value, was) && IsSame(central.Value, was) ? FieldPick.Terminal : FieldPick.Central;
    }

    private static ChangedBy Changed(CellValue? last, CellValue? terminal, CellValue? central)
    {
        if (last is not { } was)
            return Differs(terminal, central) ? ChangedBy.Both : ChangedBy.Neither;
        var (byTerminal, byCentral) = (terminal is { } t && !IsSame(t, was), central is { } c && !IsSame(c, was));
        return (byTerminal, byCentral) switch
        {
            (true, true) => ChangedBy.Both,
            (true, false) => ChangedBy.Terminal,
            (false, true) => ChangedBy.Central,
            _ => ChangedBy.Neither,
        };
    }

    private static bool Differs(CellValue? one, CellValue? other) => one is { } left && other is { } right && !IsSame(left, right);

    private static CellValue? Value(IReadOnlyDictionary<string, CellValue>? row, string name) => row is not null && row.TryGetValue(name, out var value) ? value : null;
}
