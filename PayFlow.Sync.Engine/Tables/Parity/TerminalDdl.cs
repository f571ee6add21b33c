using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Makes what a terminal lacks out of central's tables.</summary>
public static class TerminalDdl
{
    /// <summary>
    /// The statements in the order in which they must run: tables with their keys and foreign keys, columns missing in tables that exist, indexes.
    /// Names are kept exactly as they are.
    /// </summary>
    /// <param name="central">The tables to make it from.</param>
    /// <param name="existing">What the terminal has already; none of it is altered but by added columns.</param>
    /// <param name="map">The tables wanted and how they are called at the terminal; without a map, all.</param>
    public static ProvisionScript Create(DatabaseSchema central, DatabaseSchema existing, TableMap? map)
    {
        var notes = new List<SchemaFinding>();
        var drafts = Drafts(TablePair.Of(map, existing, central), notes);
        var columns = new TerminalColumns(notes);
        foreach (var draft in drafts)
            columns.Fill(draft);

        var foreignKeys = new TerminalForeignKeys(drafts, notes);
        var names = new RelationNames(existing.Tables.SelectMany(t => t.Indexes.Select(i => i.Name).Prepend(t.Name)).Concat(drafts.Select(d => d.Name)));
        var changed = drafts.Where(d => d.Columns.Count > 0).ToList();
        List<ProvisionStatement> statements =
        [
            .. changed.SelectMany(d => Tables(d, foreignKeys)),
            .. changed.SelectMany(d => Indexes(d, names, notes)),
        ];
        return new ProvisionScript(DatabaseSide.Terminal, statements, notes);
    }

    private static List<TerminalDraft> Drafts(IReadOnlyList<TablePair> pairs, List<SchemaFinding> notes)
    {
        var drafts = new List<TerminalDraft>();
        foreach (var pair in pairs)
        {
            if (pair.Terminal is null && Refusal(pair) is { } refusal)
                notes.Add(refusal);
            else if (pair.Central is not null)
                drafts.Add(new TerminalDraft(pair));
        }
        return drafts;
    }

    private static SchemaFinding? Refusal(TablePair pair)
    {
        SchemaFinding Finding(string? column, string message, string remedy) =>
            new(FindingSeverity.Error, DatabaseSide.Central, pair.CentralName, column, message, remedy);

        if (pair.Central is not { } central)
            return Finding(null, $"neither side has a table {pair.CentralName}", "Correct the name in the map.");
        if (central.Key.Count == 0)
        {
            return Finding(
                null, $"{central.Name} has no primary key, so its rows cannot be told apart; it is not created at the terminal",
                $"Give it one in central, ALTER TABLE {Central.PostgresName.Quote(central)} ADD PRIMARY KEY (…), or leave it out of the map.");
        }
        if (pair.TerminalName.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
            return Finding(null, $"SQLite keeps names that begin with sqlite_ for itself; {central.Name} is not created", "Give the table another name at the terminal in the map.");
        if (central.Key.FirstOrDefault(k => pair.IsExcluded(pair.ToTerminal(k))) is { } held)
            return Finding(held, $"the key column {held} is excluded; {central.Name} is not created at the terminal", "Take it out of \"exclude\".");
        var twice = central.Columns.GroupBy(c => pair.ToTerminal(c.Name), StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? null : Finding(
            twice.Last().Name, $"SQLite cannot tell {string.Join(" from ", twice.Select(c => c.Name))}; {central.Name} is not created at the terminal", "Rename or exclude one of the columns in the map.");
    }

    private static IEnumerable<ProvisionStatement> Tables(TerminalDraft draft, TerminalForeignKeys foreignKeys) => draft.IsNew
        ? [new ProvisionStatement($"create table {draft.Name}", TerminalSql.CreateTable(draft, foreignKeys.Clauses(draft)), draft.Name)]
        : draft.Columns.Select(c => new ProvisionStatement(
            $"add column {c.Name} to table {draft.Name}", TerminalSql.AddColumn(draft, c, foreignKeys.Clause(draft, c)), draft.Name, c.Name));

    private static IEnumerable<ProvisionStatement> Indexes(TerminalDraft draft, RelationNames names, List<SchemaFinding> notes)
    {
        foreach (var index in draft.Central.Indexes)
        {
            if (!index.IsPlain)
            {
                notes.Add(new SchemaFinding(FindingSeverity.Info, DatabaseSide.Central, draft.Central.Name, null, $"the index {index.Name} is partial, over an expression or of a special kind and is not carried over"));
                continue;
            }
            var columns = index.Columns.Select(draft.Pair.ToTerminal).ToList();
            if (!IsWanted(draft, index, columns))
                continue;
            yield return new ProvisionStatement(
                $"create the {(index.IsUnique ? "unique index" : "index")} on {draft.Name} ({string.Join(", ", columns)})",
                $"CREATE {(index.IsUnique ? "UNIQUE " : string.Empty)}INDEX {SqliteName.Quote(names.Take(draft.Name, index.Name))} ON {SqliteName.Quote(draft.Name)} ({TerminalSql.List(columns)})",
                draft.Name, columns.Count == 1 && !draft.IsNew ? columns[0] : null);
        }
    }

    /// <summary>Not where the key does the same work, and on a table that exists only where a new column needs it and rows that are there cannot break it.</summary>
    private static bool IsWanted(TerminalDraft draft, IndexSchema index, List<string> columns)
    {
        var added = columns.Select(draft.Find).OfType<DraftColumn>().ToList();
        if (draft.IsNew)
            return added.Count == columns.Count && !columns.SequenceEqual(draft.Key, StringComparer.OrdinalIgnoreCase);
        return added.Count > 0 && columns.TrueForAll(c => draft.Find(c) is not null || draft.Pair.Terminal!.Find(c) is not null)
            && (!index.IsUnique || added.TrueForAll(c => c.Default is null));
    }
}
