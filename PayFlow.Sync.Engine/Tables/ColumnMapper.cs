namespace PayFlow.Sync.Engine.Tables;

/// <summary>Pairs a terminal's columns with central's: by the map's renames, otherwise by name, without the excluded and the local-only ones.</summary>
internal static class ColumnMapper
{
    /// <summary>The pairs in the terminal's order, keys not yet marked.</summary>
    public static List<ColumnPlan> Map(TableMapEntry entry, TableSchema terminal, TableSchema central, PlanNotes notes)
    {
        CheckNames(entry, terminal, central, notes);
        var renames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (from, to) in entry.Renames)
            if (!renames.TryAdd(from, to))
                notes.Problem(entry.Name, from, "renamed twice", "keep one rename");
        var excluded = entry.Exclude.ToHashSet(StringComparer.OrdinalIgnoreCase);

        var pairs = new List<ColumnPlan>();
        var left = new List<string>();
        foreach (var column in terminal.Columns.Where(c => !excluded.Contains(c.Name)))
        {
            var renamed = renames.TryGetValue(column.Name, out var target);
            if (central.Find(target ?? column.Name) is { } end)
                pairs.Add(new ColumnPlan { Terminal = column, Central = end });
            else if (!renamed && !LocalOnly.Contains(column.Name))
                left.Add(column.Name);
        }
        if (left.Count > 0)
            notes.Warn(entry.Name, $"{string.Join(", ", left)} {(left.Count == 1 ? "stays" : "stay")} at the terminal, because central's {central.Name} has no such column");
        RejectCollisions(entry, pairs, notes);
        return pairs;
    }

    private static void CheckNames(TableMapEntry entry, TableSchema terminal, TableSchema central, PlanNotes notes)
    {
        foreach (var (from, to) in entry.Renames)
        {
            if (terminal.Find(from) is null)
                notes.Problem(entry.Name, from, "named in \"renames\", but the terminal's table has no such column", "correct the name");
            if (central.Find(to) is null)
                notes.Problem(entry.Name, from, $"renamed to {to}, but central's {central.Name} has no such column", "correct the name or add the column in central");
        }
        // A column that central alone has may be left out, too: a till elsewhere says of itself which columns it has.
        foreach (var name in entry.Exclude.Where(name => terminal.Find(name) is null && (central.Find(name) is null || entry.Renames.Values.Contains(name, StringComparer.OrdinalIgnoreCase))))
            notes.Problem(entry.Name, name, "named in \"exclude\", but the terminal's table has no such column", "correct the name");
    }

    private static void RejectCollisions(TableMapEntry entry, List<ColumnPlan> pairs, PlanNotes notes)
    {
        foreach (var same in pairs.GroupBy(p => p.Central.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            notes.Problem(
                entry.Name, same.Last().Terminal.Name,
                $"{string.Join(" and ", same.Select(p => p.Terminal.Name))} both travel to central's {same.Key}",
                "rename one of them to another column or exclude it");
    }
}
