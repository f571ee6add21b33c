namespace PayFlow.Sync.Engine.Tables;

/// <summary>Finds the columns that mark a deleted row on either side, and checks that the map's <c>deletes</c> can be done with them.</summary>
internal static class SoftDeletes
{
    private const string Usual = "deleted_at";

    /// <summary>The plan with its soft-delete columns: those that a delete on the other side sets instead of deleting the row.</summary>
    public static TablePlan Resolve(TablePlan plan, PlanNotes notes)
    {
        var entry = plan.Entry;
        if (entry.SoftDelete is not null && entry.Deletes is DeleteMode.Propagate or DeleteMode.Ignore)
            notes.Problem(plan.Name, entry.SoftDelete, $"named in \"softDelete\", which \"deletes\": \"{MapWord<DeleteMode>.Of(entry.Deletes)}\" makes no use of", "leave one of them out");
        if (entry.Deletes is DeleteMode.Propagate or DeleteMode.Ignore)
            return plan;
        var (terminal, central) = Find(plan);
        if (entry.Deletes == DeleteMode.Auto && entry.SoftDelete is null)
            return terminal is not null && central is not null && Fault(terminal, isCentral: false) is null && Fault(central, isCentral: true) is null ? plan with { TerminalSoftDelete = terminal, CentralSoftDelete = central } : plan;
        var name = entry.SoftDelete ?? Usual;
        if (entry.Direction != SyncDirection.Push)
            Require(plan, central, name, isCentral: true, notes);
        if (entry.Direction != SyncDirection.Pull)
            Require(plan, terminal, name, isCentral: false, notes);
        return plan with { TerminalSoftDelete = terminal, CentralSoftDelete = central };
    }

    // A column that travels is one column with two ends; otherwise each side may have one of the name.
    private static (ColumnSchema? Terminal, ColumnSchema? Central) Find(TablePlan plan)
    {
        var name = plan.Entry.SoftDelete ?? Usual;
        var pair = plan.Columns.FirstOrDefault(c => Is(c.Terminal, name)) ?? plan.Columns.FirstOrDefault(c => Is(c.Central, name));
        if (pair is not null)
            return (pair.Terminal, pair.Central);
        return plan.Entry.Deletes == DeleteMode.Soft || plan.Entry.SoftDelete is not null ? (plan.Terminal.Find(name), plan.Central.Find(name)) : (null, null);
    }

    private static void Require(TablePlan plan, ColumnSchema? column, string name, bool isCentral, PlanNotes notes)
    {
        var side = isCentral ? $"central's {plan.Central.Name}" : "the terminal";
        if (column is null)
            notes.Problem(plan.Name, name, $"\"deletes\": \"soft\" needs it, but {side} has no such column", "add the column, name another one in \"softDelete\", or choose \"propagate\" or \"ignore\"");
        else if ((isCentral ? plan.CentralKey : plan.TerminalKey).Contains(column))
            notes.Problem(plan.Name, column.Name, "\"deletes\": \"soft\" cannot mark a row with it: it is part of the key", "name a column that may be empty and holds a timestamp, or a yes-or-no column");
        else if (Fault(column, isCentral) is { } fault)
            notes.Problem(plan.Name, column.Name, $"\"deletes\": \"soft\" cannot mark a row with it: {fault} in {side}", "name a column that may be empty and holds a timestamp, or a yes-or-no column");
    }

    private static string? Fault(ColumnSchema column, bool isCentral)
    {
        if (column.IsGenerated)
            return "it is computed";
        var isFlag = isCentral ? IsFlag(column) : SaysFlag(column);
        // The terminal's columns hold what they are given.
        if (isCentral && !isFlag && column.Logical is not (LogicalType.Timestamp or LogicalType.TimestampTz or LogicalType.Date or LogicalType.Text))
            return $"it is of type {column.Type}";
        return column.NotNull && !isFlag ? "it may not be empty" : null;
    }

    /// <summary>Whether the terminal's column is a yes or no, rather than an instant: where it travels, central's type says so.</summary>
    public static bool IsFlagAtTerminal(TablePlan plan) => plan.SoftDelete is { } column ? IsFlag(column.Central) : SaysFlag(plan.TerminalSoftDelete!);

    private static bool IsFlag(ColumnSchema central) => central.Logical is LogicalType.Boolean or LogicalType.Integer;

    private static bool SaysFlag(ColumnSchema terminal) =>
        terminal.Type.Contains("BOOL", StringComparison.OrdinalIgnoreCase) || (terminal.NotNull && terminal.Type.Contains("INT", StringComparison.OrdinalIgnoreCase));

    private static bool Is(ColumnSchema column, string name) => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
