namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>A table with both of its ends, as far as they exist, and the way its columns are called on either side.</summary>
internal sealed record TablePair(TableMapEntry Entry, TableSchema? Terminal, TableSchema? Central)
{
    /// <summary>The key column that a linked table gets in central (sync-module.md: "server_id … to upsert Postgres id").</summary>
    public const string LinkedKeyColumn = "id";

    public string TerminalName => Terminal?.Name ?? Entry.Name;

    /// <summary>Central's table as people write it, with a schema where the map names one.</summary>
    public string CentralName => Entry.CentralName ?? Central?.Name ?? Entry.Name;

    public bool Pulls => Entry.Direction != SyncDirection.Push;

    public bool Pushes => Entry.Direction != SyncDirection.Pull;

    /// <summary>
    /// The terminal has a key of its own and keeps central's beside it. Where central has no table yet: a table with <c>server_id</c> whose key the
    /// till numbers itself, or which does not travel.
    /// </summary>
    public bool IsLinked => Terminal is { Key.Count: > 0 } terminal && terminal.Find(LocalOnly.ServerId) is not null && !terminal.Key.All(IsSharedKey);

    /// <summary>Pairs the enabled tables of the map; without a map, all tables of both sides by name.</summary>
    public static IReadOnlyList<TablePair> Of(TableMap? map, DatabaseSchema terminal, DatabaseSchema central)
    {
        if (map is not null)
            return [.. map.Tables.Where(e => e.Enabled).DistinctBy(e => e.Name, StringComparer.OrdinalIgnoreCase).Select(e => new TablePair(e, terminal.Find(e.Name), central.FindFor(e)))];
        var names = terminal.Tables.Select(t => t.Name).Concat(central.Tables.Select(t => t.Name)).Distinct(StringComparer.OrdinalIgnoreCase);
        return [.. names.Order(StringComparer.OrdinalIgnoreCase).Select(n => new TableMapEntry { Name = n }).Select(e => new TablePair(e, terminal.Find(e.Name), central.FindFor(e)))];
    }

    public string ToCentral(string terminalColumn)
    {
        var name = Entry.Renames.FirstOrDefault(r => Same(r.Key, terminalColumn)).Value ?? terminalColumn;
        return Central?.Find(name)?.Name ?? name;
    }

    public string ToTerminal(string centralColumn)
    {
        var name = Entry.Renames.FirstOrDefault(r => Same(r.Value, centralColumn)).Key ?? centralColumn;
        return Terminal?.Find(name)?.Name ?? name;
    }

    /// <summary>False for columns that stay in the terminal: excluded ones, what a linked table knows its rows by, and bookkeeping unless central's table has a column of that name.</summary>
    public bool Travels(string terminalColumn)
    {
        if (IsExcluded(terminalColumn) || (IsLinked && (NamesLinkedRow(terminalColumn) || IsLinkedKey(ToCentral(terminalColumn)))))
            return false;
        return !LocalOnly.Contains(terminalColumn) || Central?.Find(ToCentral(terminalColumn)) is not null;
    }

    public bool IsExcluded(string terminalColumn) => Entry.Exclude.Contains(terminalColumn, StringComparer.OrdinalIgnoreCase);

    /// <summary>In a linked table: the terminal's own key, or the copy it keeps of central's.</summary>
    public bool NamesLinkedRow(string terminalColumn) => IsLinked && (Same(terminalColumn, LocalOnly.ServerId) || Terminal!.Key.Contains(terminalColumn, StringComparer.OrdinalIgnoreCase));

    /// <summary>In a linked table: central's key column.</summary>
    public bool IsLinkedKey(string centralColumn) =>
        IsLinked && (Central is { Key.Count: > 0 } central ? central.Key.Contains(centralColumn, StringComparer.OrdinalIgnoreCase) : Same(centralColumn, LinkedKeyColumn));

    private bool IsSharedKey(string terminalColumn)
    {
        if (IsExcluded(terminalColumn))
            return false;
        var isAutoNumber = Terminal!.Find(terminalColumn) is { IsAutoNumber: true };
        if (Central is null)
            return !isAutoNumber && !LocalOnly.Contains(terminalColumn);
        var end = Central.Find(Entry.Renames.FirstOrDefault(r => Same(r.Key, terminalColumn)).Value ?? terminalColumn);
        return end is not null && Central.Key.Contains(end.Name)
            && !(isAutoNumber && end.Logical is LogicalType.Uuid or LogicalType.Text or LogicalType.FixedText);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
