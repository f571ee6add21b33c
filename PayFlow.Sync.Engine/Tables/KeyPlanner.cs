namespace PayFlow.Sync.Engine.Tables;

/// <summary>Chooses between a shared and a linked key and says why neither works where that is so.</summary>
internal static class KeyPlanner
{
    public static KeyChoice? Decide(TableMapEntry entry, TableSchema terminal, TableSchema central, List<ColumnPlan> columns, PlanNotes notes)
    {
        if (terminal.Key.Count == 0 && central.Key.Count == 0)
            notes.Problem(entry.Name, null, "it has no primary key, neither in the terminal nor in central", "add one on both sides or remove the table from the map");
        else if (terminal.Key.Count == 0)
            notes.Problem(entry.Name, null, "the terminal's table has no primary key", "add one or remove the table from the map");
        else if (central.Key.Count == 0)
            notes.Problem(entry.Name, null, $"central's {central.Name} has no primary key", "add one or remove the table from the map");
        if (terminal.Key.Count == 0 || central.Key.Count == 0)
            return null;
        return IsLinked(terminal, central, columns)
            ? Linked(entry, terminal, central, notes)
            : Shared(entry, terminal, central, columns, notes);
    }

    /// <summary>
    /// A table with <c>server_id</c> is linked when its own key is not central's key: it does not travel there, or it is a number the till
    /// hands out while central's key can never be one.
    /// </summary>
    private static bool IsLinked(TableSchema terminal, TableSchema central, List<ColumnPlan> columns) =>
        terminal.Find(LocalOnly.ServerId) is not null
        && !terminal.Key.All(name => columns.Exists(c => c.Terminal.Name == name && central.Key.Contains(c.Central.Name)
            && !(c.Terminal.IsAutoNumber && c.Central.Logical is LogicalType.Uuid or LogicalType.Text or LogicalType.FixedText)));

    private static KeyChoice? Linked(TableMapEntry entry, TableSchema terminal, TableSchema central, PlanNotes notes)
    {
        if (central.Key.Count == 1)
            return new KeyChoice(KeyMode.Linked, Columns(terminal), Columns(central));
        notes.Problem(
            entry.Name, LocalOnly.ServerId, $"holds one value, but central's key is ({string.Join(", ", central.Key)})",
            "give central a single-column key, or give the terminal's table central's key columns as its primary key");
        return null;
    }

    private static KeyChoice? Shared(TableMapEntry entry, TableSchema terminal, TableSchema central, List<ColumnPlan> columns, PlanNotes notes)
    {
        var problems = notes.Problems.Count;
        foreach (var name in terminal.Key.Where(name => entry.Exclude.Contains(name, StringComparer.OrdinalIgnoreCase)))
            notes.Problem(entry.Name, name, "is part of the key and cannot be excluded", "take it out of \"exclude\", or give the table a server_id column");

        var ends = central.Key.Select(name => (Name: name, Pair: columns.Find(c => c.Central.Name == name))).ToList();
        foreach (var (name, pair) in ends)
            CheckEnd(entry, terminal, central, name, pair, notes);
        if (notes.Problems.Count > problems)
            return null;
        foreach (var name in terminal.Key.Where(name => !ends.Exists(e => e.Pair!.Terminal.Name == name)))
            notes.Problem(
                entry.Name, name, $"is part of the terminal's key, but central's key is ({string.Join(", ", central.Key)})",
                $"rename it to a column of that key, make ({string.Join(", ", terminal.Key)}) central's primary key, or give the terminal's table a server_id column");
        return notes.Problems.Count == problems ? new KeyChoice(KeyMode.Shared, [.. ends.Select(e => e.Pair!.Terminal)], Columns(central)) : null;
    }

    private static void CheckEnd(TableMapEntry entry, TableSchema terminal, TableSchema central, string name, ColumnPlan? pair, PlanNotes notes)
    {
        if (pair is null)
        {
            if (!entry.Exclude.Contains(name, StringComparer.OrdinalIgnoreCase))
                notes.Problem(entry.Name, name, $"is part of central's key, but no column of the terminal travels to it", "add the column at the terminal, rename one to it, or give the table a server_id column");
        }
        else if (!terminal.Key.Contains(pair.Terminal.Name))
            notes.Problem(
                entry.Name, pair.Terminal.Name, $"travels to central's key column {name}, but the terminal's key is ({string.Join(", ", terminal.Key)})",
                "make both primary keys the same columns, or give the terminal's table a server_id column");
        else if (pair.IsGeneratedInCentral || pair.IsGeneratedInTerminal)
            notes.Problem(entry.Name, pair.Terminal.Name, $"is part of the key, but {(pair.IsGeneratedInCentral ? "central" : "the terminal")} computes it", "make it an ordinary column");
        else if (pair.Terminal.IsAutoNumber && pair.Central.Logical is LogicalType.Uuid)
            notes.Problem(entry.Name, pair.Terminal.Name, "is a number, but central's key is a uuid", "make it TEXT, or give the terminal's table a server_id column");
        // Sixteen bytes and thirty-six letters are no common text, and a row is known by the text of its key on both sides.
        else if (pair.Terminal.Type.Contains("BLOB", StringComparison.OrdinalIgnoreCase) && pair.Central.Logical is LogicalType.Uuid)
            notes.Problem(entry.Name, pair.Terminal.Name, "is a BLOB, but central's key is a uuid", "make it TEXT, or give the terminal's table a server_id column");
        else
            WarnOfKey(entry, terminal, central, pair, notes);
    }

    private static void WarnOfKey(TableMapEntry entry, TableSchema terminal, TableSchema central, ColumnPlan pair, PlanNotes notes)
    {
        if (entry.KeyBlock is not null && (entry.Direction != SyncDirection.Pull || !terminal.IsAutoIncrement))
            notes.Problem(entry.Name, pair.Terminal.Name, "keyBlock needs an AUTOINCREMENT key and direction pull", "let the table travel up only, or give it keys of its own with server_id");
        if (pair.Terminal.IsAutoNumber && entry.Direction != SyncDirection.Push && entry.KeyBlock is null)
        {
            var blocks = entry.Direction == SyncDirection.Pull && terminal.IsAutoIncrement ? ", or give it a keyBlock" : string.Empty;
            var remedy = terminal.Find(LocalOnly.ServerId) is null
                ? $"use own keys with server_id{blocks}"
                : $"exclude {pair.Terminal.Name} to know rows by server_id{blocks}";
            notes.Warn(entry.Name, $"two tills will both create {entry.Name} with {pair.Terminal.Name} 1: {remedy}");
        }
        if (pair.Central.IsCaseInsensitive != pair.Terminal.IsCaseInsensitive)
            notes.Warn(entry.Name, $"{pair.Terminal.Name} ignores case in {(pair.Central.IsCaseInsensitive ? "central" : "the terminal")} only: two rows on one side can be one key on the other");
    }

    private static List<ColumnSchema> Columns(TableSchema table) => [.. table.Key.Select(name => table.Find(name)!)];
}
