namespace PayFlow.Sync.Engine.Tables;

/// <summary>Finds the columns whose values must be translated because they hold another table's terminal-own key, and parents that do not travel.</summary>
internal static class References
{
    public static List<TablePlan> Resolve(List<TablePlan> plans, DatabaseSchema central, PlanNotes notes)
    {
        foreach (var plan in plans)
            WarnOfMissingParents(plan, plans, central, notes);
        return [.. plans.Select(plan => plan with { Columns = [.. plan.Columns.Select(c => c with { References = Parent(plan, c, plans, central) })] })];
    }

    /// <summary>The terminal's own declaration decides; central's only where the terminal declares nothing.</summary>
    private static string? Parent(TablePlan plan, ColumnPlan column, List<TablePlan> plans, DatabaseSchema central)
    {
        var declared = plan.Terminal.ForeignKeys.Where(f => Covers(f, column.Terminal)).ToList();
        if (declared.Count > 0)
            return declared
                .Select(f => (Key: f, Plan: plans.Find(p => Same(p.Name, f.ParentTable))))
                .FirstOrDefault(f => f.Plan is { KeyMode: KeyMode.Linked, TerminalKey: [var key] } && f.Key.ParentColumns is [var parent] && Same(parent, key.Name)).Plan?.Name;
        return plan.Central.ForeignKeys.Where(f => Covers(f, column.Central))
            .Select(f => (Key: f, Plan: plans.Find(p => IsCentral(p, f, central))))
            .FirstOrDefault(f => f.Plan is { KeyMode: KeyMode.Linked, CentralKey: [var key] } && f.Key.ParentColumns is [var parent] && Same(parent, key.Name)).Plan?.Name;
    }

    private static void WarnOfMissingParents(TablePlan plan, List<TablePlan> plans, DatabaseSchema central, PlanNotes notes)
    {
        var atTerminal = plan.Terminal.ForeignKeys.Where(f => !plans.Exists(p => Same(p.Name, f.ParentTable))).Select(f => f.ParentTable);
        var inCentral = plan.Central.ForeignKeys.Where(f => !plans.Exists(p => IsCentral(p, f, central))).Select(f => f.ParentTable);
        foreach (var parent in atTerminal.Concat(inCentral).Distinct(StringComparer.OrdinalIgnoreCase))
            notes.Warn(plan.Name, $"it refers to {parent}, which is not synced: a row whose {parent} row the other side does not have will be refused there");
    }

    /// <summary>Whether central's foreign key points at this plan's table, and not at a namesake in another schema.</summary>
    public static bool IsCentral(TablePlan plan, ForeignKeySchema foreignKey, DatabaseSchema central) => ReferenceEquals(plan.Central, central.Find(foreignKey.ParentTable));

    public static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static bool Covers(ForeignKeySchema foreignKey, ColumnSchema column) => foreignKey.Columns is [var only] && Same(only, column.Name);
}
