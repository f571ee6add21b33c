namespace PayFlow.Sync.Engine.Tables;

/// <summary>Checks the map's additive columns: numbers on both sides, whose before-image the capture keeps.</summary>
internal static class AdditiveColumns
{
    private static readonly string[] NoNumbers = ["BLOB", "BOOL", "DATE", "TIME", "JSON"];

    public static void Check(TablePlan plan, PlanNotes notes)
    {
        if (plan.Entry.Additive.Count == 0)
            return;
        if (plan.Entry.Direction == SyncDirection.Push)
            notes.Problem(plan.Name, null, "\"additive\" has no effect, because nothing is pulled from the terminal", "set direction to \"both\" or \"pull\", or leave it out");
        if (plan.Entry.TerminalCapture == CaptureMode.Timestamp)
            notes.Problem(plan.Name, null, "\"additive\" needs the values from before a change, which terminalCapture \"timestamp\" does not keep", "use terminalCapture \"trigger\"");
        foreach (var name in plan.Entry.Additive)
        {
            if (Fault(plan, name) is { } fault)
                notes.Problem(plan.Name, name, $"named in \"additive\", but {fault.Reason}", fault.Remedy);
        }
    }

    private static (string Reason, string Remedy)? Fault(TablePlan plan, string name)
    {
        if (plan.Terminal.Find(name) is not { } terminal)
            return ("the terminal's table has no such column", "correct the name");
        if (plan.Columns.FirstOrDefault(c => c.Terminal == terminal) is not { } column)
            return ("it does not travel", "name a column that both sides have");
        if (column.IsKey)
            return ("it is part of the key", "name columns that count something");
        if (column.References is not null || plan.Central.ForeignKeys.Any(k => k.Columns.Contains(column.Central.Name)))
            return ("it refers to another table", "name columns that count something");
        if (column.IsGeneratedInCentral || column.IsGeneratedInTerminal)
            return ($"{(column.IsGeneratedInCentral ? "central" : "the terminal")} computes it", "name the columns it is computed from");
        if (column.Terminal == plan.TerminalTimestamp || column.Central == plan.CentralTimestamp)
            return ("it says when the row was last changed", "name columns that count something");
        if (column.Central.Logical is not (LogicalType.Integer or LogicalType.Decimal or LogicalType.Float))
            return ($"central's {column.Central.Name} is no number ({column.Central.Type})", "name a numeric column");
        return IsNumeric(terminal.Type) ? null : ($"it is no number at the terminal ({terminal.Type})", "name a numeric column");
    }

    // Exact decimals are kept as text where the engine itself makes the table; what the column holds decides.
    private static bool IsNumeric(string type) =>
        !NoNumbers.Any(word => type.Contains(word, StringComparison.OrdinalIgnoreCase));
}
