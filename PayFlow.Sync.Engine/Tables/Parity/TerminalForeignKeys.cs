using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Carries central's foreign keys over to a terminal. SQLite cannot add one later, so they stand within their tables.</summary>
internal sealed class TerminalForeignKeys(IReadOnlyList<TerminalDraft> drafts, List<SchemaFinding> notes)
{
    /// <summary>The clauses for a new table.</summary>
    public IEnumerable<string> Clauses(TerminalDraft child)
    {
        foreach (var key in child.Central.ForeignKeys)
        {
            var columns = key.Columns.Select(child.Pair.ToTerminal).ToList();
            if (columns.TrueForAll(c => child.Find(c) is not null) && Parent(child, key) is { } parent)
                yield return $"FOREIGN KEY ({TerminalSql.List(columns)}) {Reference(parent, key)}";
        }
    }

    /// <summary>The clause for one added column; null where it has none, or SQLite allows none: it wants NULL as default then.</summary>
    public string? Clause(TerminalDraft child, DraftColumn column)
    {
        var key = child.Central.ForeignKeys.FirstOrDefault(f => f.Columns is [var only] && string.Equals(only, column.Source!.Name, StringComparison.OrdinalIgnoreCase));
        return key is not null && column.Default is null && Parent(child, key) is { } parent ? Reference(parent, key) : null;
    }

    private static string Reference(TerminalDraft parent, ForeignKeySchema key) =>
        $"REFERENCES {SqliteName.Quote(parent.Name)} ({TerminalSql.List(key.ParentColumns.Select(parent.ToTerminal))}){Action("DELETE", key.OnDelete)}{Action("UPDATE", key.OnUpdate)}";

    private static string Action(string verb, string action) => action is "NO ACTION" or "" ? string.Empty : $" ON {verb} {action}";

    /// <summary>SQLite takes a reference to a table that does not exist and then refuses every row.</summary>
    private TerminalDraft? Parent(TerminalDraft child, ForeignKeySchema key)
    {
        var parent = drafts.FirstOrDefault(d => key.ParentTable == d.Central.Name || key.ParentTable == d.Central.Schema + "." + d.Central.Name);
        var problem = parent is null ? $"the terminal will have no table {key.ParentTable}"
            : IsUnique(parent, [.. key.ParentColumns.Select(parent.ToTerminal)]) ? null
            : $"({string.Join(", ", key.ParentColumns)}) is not unique there";
        if (problem is null)
            return parent;
        notes.Add(new SchemaFinding(
            FindingSeverity.Warning, DatabaseSide.Central, child.Central.Name, key.Columns.Count == 1 ? key.Columns[0] : null,
            $"the foreign key ({string.Join(", ", key.Columns)}) to {key.ParentTable} is left out: {problem}"));
        return null;
    }

    /// <summary>A parent key that is not unique makes SQLite refuse every write to the child ("foreign key mismatch").</summary>
    private static bool IsUnique(TerminalDraft parent, List<string> columns)
    {
        var unique = parent.Pair.Terminal is { } existing
            ? existing.Indexes.Where(i => i is { IsUnique: true, IsPlain: true }).Select(i => i.Columns)
            : parent.Central.Indexes.Where(i => i is { IsUnique: true, IsPlain: true }).Select(i => (IReadOnlyList<string>)[.. i.Columns.Select(parent.Pair.ToTerminal)]);
        return unique.Append(parent.Key).Any(u => u.Count == columns.Count && !u.Except(columns, StringComparer.OrdinalIgnoreCase).Any());
    }
}
