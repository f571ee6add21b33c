namespace PayFlow.Sync.Engine.Tables;

/// <summary>Checks a table's two filters as far as both schemas can tell; what is left, PostgreSQL judges.</summary>
internal static class FilterCheck
{
    public static void Check(TablePlan plan, PlanNotes notes)
    {
        Check(plan, notes, "filter", plan.Entry.Filter, plan.Entry.Direction == SyncDirection.Pull ? "the filter only limits what tills elsewhere may write, because nothing is pushed to the terminal" : null);
        // A word, and no condition.
        if (!WriteLimit.IsAny(plan.Entry.WriteFilter))
            Check(plan, notes, "writeFilter", plan.Entry.WriteFilter, plan.Entry.Direction == SyncDirection.Push ? "the writeFilter has no effect, because nothing is pulled from the terminal" : null);
    }

    private static void Check(TablePlan plan, PlanNotes notes, string field, string? text, string? warning)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        if (warning is not null)
            notes.Warn(plan.Name, warning);
        var (filter, fault) = FilterScanner.Scan(plan.Name, text);
        if (fault is not null)
            notes.Problem(plan.Name, null, $"the {field} \"{text}\" {fault}", "write a condition on central's columns such as: store_id = {terminal.store_id}");
        foreach (var column in filter?.Columns.Where(c => plan.Central.Find(c) is null) ?? [])
            notes.Problem(plan.Name, column, $"named in the {field}, but central's {plan.Central.Name} has no such column", "filter by central's columns");
    }
}
