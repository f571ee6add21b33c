namespace PayFlow.Sync.Engine.Tables;

/// <summary>
/// Turns a table map and the two live schemas into a plan: which column goes where, how rows know each other, and in what order tables travel.
/// It touches no database.
/// </summary>
public static class SyncPlanner
{
    /// <summary>
    /// Checks every entry against both schemas. Without a map every table that both sides have under the same name is planned with the defaults,
    /// and a table that cannot be synced becomes a warning; so does a disabled entry of a map.
    /// </summary>
    /// <exception cref="SyncException">The map is wrong; the message names every problem with table, column, reason and remedy.</exception>
    public static SyncPlan Build(TableMap? map, DatabaseSchema terminal, DatabaseSchema central)
    {
        var notes = new PlanNotes();
        return Build(map, terminal, central, notes) ?? throw notes.ToException();
    }

    /// <summary>The same, with every problem by itself instead of an exception.</summary>
    public static PlanCheck Check(TableMap? map, DatabaseSchema terminal, DatabaseSchema central)
    {
        var notes = new PlanNotes();
        var plan = Build(map, terminal, central, notes);
        return new PlanCheck(plan, notes.Problems, notes.Warnings);
    }

    private static SyncPlan? Build(TableMap? map, DatabaseSchema terminal, DatabaseSchema central, PlanNotes notes)
    {
        var entries = map?.Tables ?? SameNames(terminal, central);
        RejectDuplicates(entries, central, notes);

        var plans = new List<TablePlan>();
        foreach (var entry in entries)
        {
            var own = new PlanNotes();
            if (TablePlanner.Plan(entry, terminal, central, own) is { } plan && own.Problems.Count == 0)
                plans.Add(plan);
            Merge(own, notes, tolerant: map is null || !entry.Enabled);
        }
        if (notes.Problems.Count > 0)
            return null;
        if (plans.Count == 0)
            notes.Warnings.Add(map is null ? "The two databases have no table in common that can be synced; write a table map." : "The table map names no table that can be synced.");

        var linked = References.Resolve(plans, central, notes);
        return new SyncPlan(ForeignKeyOrder.Sort(linked, central), notes.Warnings);
    }

    private static List<TableMapEntry> SameNames(DatabaseSchema terminal, DatabaseSchema central) =>
        [.. terminal.Tables.Select(t => new TableMapEntry { Name = t.Name }).Where(e => central.FindFor(e) is not null)];

    private static void RejectDuplicates(IReadOnlyList<TableMapEntry> entries, DatabaseSchema central, PlanNotes notes)
    {
        foreach (var twice in entries.GroupBy(e => e.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            notes.Problem(twice.Key, null, $"the map names it {twice.Count()} times", "keep one entry");

        var targets = entries.Where(e => e.Enabled).DistinctBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
            .Select(e => (e.Name, Central: central.FindFor(e)))
            .Where(e => e.Central is not null)
            .GroupBy(e => e.Central!, ReferenceEqualityComparer.Instance);
        foreach (var shared in targets.Where(g => g.Count() > 1))
            notes.Problem(shared.Last().Name, null, $"{string.Join(" and ", shared.Select(e => e.Name))} both travel to central's {shared.First().Central!.Name}", "give each a central table of its own");
    }

    private static void Merge(PlanNotes table, PlanNotes all, bool tolerant)
    {
        all.Warnings.AddRange(table.Problems.Count == 0 ? table.Warnings : []);
        if (tolerant)
            all.Warnings.AddRange(table.Problems.Select(p => $"{p}. The table is left out."));
        else
            all.Problems.AddRange(table.Problems);
    }
}
