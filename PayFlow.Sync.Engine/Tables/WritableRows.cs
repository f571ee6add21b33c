namespace PayFlow.Sync.Engine.Tables;

/// <summary>Checks that a row that comes from the other side can be written at all: every NOT NULL column must get a value from somewhere.</summary>
internal static class WritableRows
{
    public static void Check(TablePlan plan, PlanNotes notes)
    {
        if (plan.Entry.Direction != SyncDirection.Push)
            CheckCentral(plan, notes);
        if (plan.Entry.Direction != SyncDirection.Pull)
            CheckTerminal(plan, notes);
    }

    private static void CheckCentral(TablePlan plan, PlanNotes notes)
    {
        // Without creation only existing rows are written, and those have their values.
        var creates = plan.KeyMode == KeyMode.Shared || plan.Entry.Unlinked == UnlinkedRows.Create;
        if (!creates)
            return;
        var sent = plan.Columns.Select(c => c.Central).ToHashSet();
        foreach (var column in plan.Central.Columns.Where(c => IsRequired(c) && !sent.Contains(c) && !plan.CentralKey.Contains(c)))
            notes.Problem(
                plan.Name, column.Name, $"central's {plan.Central.Name} requires it (NOT NULL, no default), but the terminal does not have it",
                "give it a default in central, rename a terminal column to it, or set direction to \"push\"");

        if (plan.KeyMode == KeyMode.Linked && plan.CentralKey is [var key] && IsRequired(key) && !HoldsUuid(key))
            notes.Problem(
                plan.Name, key.Name, $"central's {plan.Central.Name} gives new rows no {key.Name}: it has no default and cannot hold a uuid",
                "give it a default or make it an identity column, or set \"unlinked\" to \"skip\"");
    }

    /// <summary>Only a warning: a row that the terminal refuses is set aside alone, and rows that are there already are kept up to date.</summary>
    private static void CheckTerminal(TablePlan plan, PlanNotes notes)
    {
        var received = plan.Columns.Select(c => c.Terminal).ToHashSet();
        var missing = plan.Terminal.Columns.Where(c => IsRequired(c) && !received.Contains(c) && !plan.TerminalKey.Contains(c) && !LocalOnly.Contains(c.Name)).Select(c => c.Name).ToList();
        if (missing.Count > 0)
            notes.Warn(plan.Name, $"rows created in central cannot be stored in the terminal, which requires {string.Join(", ", missing)} (NOT NULL, no default); give a default or set direction to \"pull\"");
    }

    /// <summary>Where central makes no key of its own, as with keys that an application used to generate, the engine makes a uuid: 36 characters, and a <c>varchar(n)</c> has the modifier n + 4.</summary>
    private static bool HoldsUuid(ColumnSchema key) =>
        key.Logical == LogicalType.Uuid || (key.Logical is LogicalType.Text or LogicalType.FixedText && key.TypeModifier is -1 or >= 40);

    private static bool IsRequired(ColumnSchema column) => column is { NotNull: true, Default: null, IsGenerated: false, IsAutoNumber: false };
}
