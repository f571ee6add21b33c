namespace PayFlow.Sync.Engine.Tables;

/// <summary>Plans one table: finds both ends, maps the columns, decides on the key, and checks that rows can be written on either side.</summary>
internal static class TablePlanner
{
    private const int LastPriority = 6;
    private const int LargestBatch = 100_000;

    /// <summary>The plan; null when a problem noted in <paramref name="notes"/> makes one impossible.</summary>
    public static TablePlan? Plan(TableMapEntry entry, DatabaseSchema terminals, DatabaseSchema centrals, PlanNotes notes)
    {
        CheckNumbers(entry, notes);
        var centralName = entry.CentralName ?? entry.Name;
        var terminal = terminals.Find(entry.Name);
        var central = centrals.FindFor(entry);
        if (terminal is null && central is null)
            notes.Problem(entry.Name, null, $"neither the terminal nor central has such a table{(centralName == entry.Name ? string.Empty : $" ({centralName} in central)")}", "correct the name or remove the entry");
        else if (terminal is null)
            notes.Problem(entry.Name, null, "the terminal has no such table", "correct the name or remove the entry (views and virtual tables cannot be synced)");
        else if (central is null)
            notes.Problem(entry.Name, null, $"central has no table {centralName}", "create it there, or name another one in \"centralName\"");
        if (terminal is null || central is null)
            return null;

        WarnOfNamesakes(centralName, central, centrals, notes);
        var columns = ColumnMapper.Map(entry, terminal, central, notes);
        if (KeyPlanner.Decide(entry, terminal, central, columns, notes) is not { } key)
            return null;

        var travelling = key.Apply(columns);
        var plan = SoftDeletes.Resolve(Describe(entry, terminal, central, key, travelling), notes);
        AdditiveColumns.Check(plan, notes);
        CheckFallback(plan, notes);
        CheckMatch(plan, notes);
        FilterCheck.Check(plan, notes);
        CheckTimestamps(plan, notes);
        WritableRows.Check(plan, notes);
        return plan;
    }

    private static TablePlan Describe(TableMapEntry entry, TableSchema terminal, TableSchema central, KeyChoice key, IReadOnlyList<ColumnPlan> columns) => new()
    {
        Entry = entry,
        Terminal = terminal,
        Central = central,
        KeyMode = key.Mode,
        Columns = columns,
        TerminalKey = key.Terminal,
        CentralKey = key.Central,
        ServerIdColumn = Bookkeeping(terminal, columns, LocalOnly.ServerId),
        SyncStatusColumn = Bookkeeping(terminal, columns, LocalOnly.SyncStatus),
        LastSyncColumn = Bookkeeping(terminal, columns, LocalOnly.LastSyncAt),
        TerminalTimestamp = Timestamps.OfTerminal(terminal, columns),
        CentralTimestamp = Timestamps.OfCentral(central, columns),
    };

    /// <summary>A bookkeeping column that travels is data, and the engine keeps its hands off.</summary>
    private static string? Bookkeeping(TableSchema terminal, IReadOnlyList<ColumnPlan> columns, string name) =>
        terminal.Find(name) is { IsGenerated: false } column && !columns.Any(c => c.Terminal == column) ? column.Name : null;

    private static void CheckNumbers(TableMapEntry entry, PlanNotes notes)
    {
        if (entry.Priority is < 1 or > LastPriority)
            notes.Problem(entry.Name, null, $"priority {entry.Priority} is out of range", $"use 1 (first) to {LastPriority}");
        if (entry.BatchSize is < 1 or > LargestBatch)
            notes.Problem(entry.Name, null, $"batchSize {entry.BatchSize} is out of range", $"use 1 to {LargestBatch}, or leave it out");
        if (entry.KeyBlock is < 1)
            notes.Problem(entry.Name, null, $"keyBlock {entry.KeyBlock} is out of range", "use the number of keys a till may need in its life, such as 1000000");
    }

    private static void WarnOfNamesakes(string centralName, TableSchema central, DatabaseSchema centrals, PlanNotes notes)
    {
        var others = centrals.Tables.Where(t => t != central && t.Name == central.Name).Select(t => t.Schema + "." + t.Name).ToList();
        if (others.Count > 0 && !centralName.Contains('.', StringComparison.Ordinal))
            notes.Warn(centralName, $"central also has {string.Join(", ", others)}; {central.Schema}.{central.Name} is taken, write schema.table to take another");
    }

    private static void CheckMatch(TablePlan plan, PlanNotes notes)
    {
        foreach (var name in plan.Entry.Match)
        {
            if (plan.Terminal.Find(name) is not { } column)
                notes.Problem(plan.Name, name, "named in \"match\", but the terminal's table has no such column", "correct the name");
            else if (!plan.Columns.Any(c => c.Terminal == column))
                notes.Problem(plan.Name, name, "named in \"match\", but it does not travel", "match by columns that both sides have");
        }
    }

    private static void CheckFallback(TablePlan plan, PlanNotes notes)
    {
        var fallback = plan.Entry.Fallback;
        if (fallback == ConflictPolicy.Merge)
            notes.Problem(plan.Name, null, "fallback \"merge\" decides nothing: it is for the fields that cannot be merged", "use server-wins, local-wins, last-writer-wins or manual");
        else if (fallback != ConflictPolicy.Manual && plan.Entry.Conflicts != ConflictPolicy.Merge)
            notes.Problem(plan.Name, null, $"fallback \"{MapWord<ConflictPolicy>.Of(fallback)}\" has no effect beside conflicts \"{MapWord<ConflictPolicy>.Of(plan.Entry.Conflicts)}\"", "set conflicts to \"merge\", or leave the fallback out");
    }

    private static void CheckTimestamps(TablePlan plan, PlanNotes notes)
    {
        var direction = plan.Entry.Direction;
        if (plan.Entry.TerminalCapture == CaptureMode.Timestamp && direction != SyncDirection.Push && plan.TerminalTimestamp is null)
            notes.Problem(plan.Name, null, $"terminalCapture \"timestamp\" needs a column {Timestamps.Names} in the terminal", "add one or use \"trigger\"");
        if (plan.Entry.CentralCapture == CaptureMode.Timestamp && direction != SyncDirection.Pull && plan.CentralTimestamp is null)
            notes.Problem(plan.Name, null, $"centralCapture \"timestamp\" needs a timestamp column {Timestamps.Names} in central", "add one or use \"trigger\"");
        var byStamp = plan.Entry.Conflicts == ConflictPolicy.LastWriterWins ? "conflicts" : plan.Entry is { Conflicts: ConflictPolicy.Merge, Fallback: ConflictPolicy.LastWriterWins } ? "fallback" : null;
        if (byStamp is not null && direction != SyncDirection.Push && (plan.TerminalTimestamp is null || plan.CentralTimestamp is null))
            notes.Problem(plan.Name, null, $"{byStamp} \"last-writer-wins\" needs a timestamp column {Timestamps.Names} on both sides", "add one or choose another policy");
    }
}
