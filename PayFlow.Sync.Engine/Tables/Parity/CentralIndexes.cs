using PayFlow.Sync.Engine.Central;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Carries a terminal's indexes over to central.</summary>
internal sealed class CentralIndexes(DatabaseSchema existing, IEnumerable<CentralDraft> drafts, TerminalSurvey survey, List<SchemaFinding> notes)
{
    /// <summary>Names of any schema count as taken: which one the search path puts first is not known here. PostgreSQL itself names the primary keys' indexes.</summary>
    private readonly RelationNames _names = new(
        existing.Tables.SelectMany(t => t.Indexes.Select(i => i.Name).Prepend(t.Name)).Concat(drafts.Select(d => d.Name))
            .Concat(existing.Tables.Select(t => t.Name).Concat(drafts.Select(d => d.Name)).Select(n => n + "_pkey")));

    public IEnumerable<ProvisionStatement> Create(CentralDraft draft)
    {
        foreach (var index in draft.Terminal.Indexes)
        {
            if (!index.IsPlain)
            {
                Note(FindingSeverity.Info, draft, index, "is partial or over an expression and is not carried over", $"Create it in central by hand if it is wanted there.");
                continue;
            }
            var columns = index.Columns.Select(draft.Pair.ToCentral).ToList();
            if (!index.Columns.All(draft.Pair.Travels) || !IsWanted(draft, index, columns))
                continue;
            var name = _names.Take(draft.Name, NameOf(draft, index, columns));
            if (index.IsUnique && survey.IsCollated(index.Name))
            {
                Note(FindingSeverity.Warning, draft, index, "ignores case at the terminal; in central it is unique byte for byte",
                    $"CREATE UNIQUE INDEX ON {CentralSql.Table(draft)} ({string.Join(", ", columns.Select(c => $"lower({PostgresName.Quote(c)}::text)"))})");
            }
            yield return new ProvisionStatement(
                $"create the {(index.IsUnique ? "unique index" : "index")} on {draft.Name} ({string.Join(", ", columns)})",
                $"CREATE {(index.IsUnique ? "UNIQUE " : string.Empty)}INDEX {PostgresName.Quote(name)} ON {CentralSql.Table(draft)} ({CentralSql.List(columns)})",
                draft.Name, columns.Count == 1 && !draft.IsNew ? columns[0] : null);
        }
    }

    /// <summary>Not where the key does the same work, and on a table that exists only where a new column needs it and rows that are there cannot break it.</summary>
    private static bool IsWanted(CentralDraft draft, IndexSchema index, List<string> columns)
    {
        if (draft.IsNew)
            return !columns.SequenceEqual(draft.Key, StringComparer.OrdinalIgnoreCase);
        var added = columns.Select(draft.Find).OfType<DraftColumn>().ToList();
        return added.Count > 0 && (!index.IsUnique || added.TrueForAll(c => c.Default is null));
    }

    /// <summary>What UNIQUE in a CREATE TABLE makes has a name that says nothing: <c>sqlite_autoindex_Orders_1</c>.</summary>
    private static string NameOf(CentralDraft draft, IndexSchema index, List<string> columns) =>
        index.Name.StartsWith("sqlite_autoindex_", StringComparison.OrdinalIgnoreCase) ? $"{draft.Name}_{string.Join('_', columns)}_key" : index.Name;

    private void Note(FindingSeverity severity, CentralDraft draft, IndexSchema index, string message, string? remedy) =>
        notes.Add(new SchemaFinding(severity, DatabaseSide.Terminal, draft.Terminal.Name, null, $"the index {index.Name} {message}", remedy));
}
