using PayFlow.Sync.Engine.Central;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Carries a terminal's foreign keys over to central, as far as central can enforce them.</summary>
internal sealed class CentralForeignKeys(IReadOnlyList<CentralDraft> drafts, TerminalSurvey survey, List<SchemaFinding> notes)
{
    /// <summary>Gives a column that refers to a parent the parent's type where its own values do not object.</summary>
    public void AlignTypes(CentralDraft child)
    {
        foreach (var key in child.Terminal.ForeignKeys)
        {
            if (Parent(key) is not { } parent)
                continue;
            foreach (var (column, parentColumn) in key.Columns.Zip(key.ParentColumns))
            {
                var index = child.Columns.FindIndex(c => string.Equals(c.Source?.Name, column, StringComparison.OrdinalIgnoreCase));
                if (index < 0 || parent.TypeOf(parent.ToCentral(parentColumn)) is not { } type)
                    continue;
                var isTranslated = parent.Pair.NamesLinkedRow(parentColumn);
                if (isTranslated || survey.Sample(child.Terminal.Name, column).Values == 0)
                    child.Columns[index] = child.Columns[index] with { Type = type };
            }
        }
    }

    /// <summary>The statements for one table, to be run when all tables and indexes exist.</summary>
    public IEnumerable<ProvisionStatement> Create(CentralDraft child)
    {
        var names = new RelationNames(child.Pair.Central?.ForeignKeys.Select(f => f.Name ?? string.Empty) ?? []);
        foreach (var key in child.Terminal.ForeignKeys)
        {
            var columns = key.Columns.Select(child.Pair.ToCentral).ToList();
            // A table that exists already keeps the constraints it has; only what is added brings its own.
            if (!key.Columns.All(child.Pair.Travels) || (!child.IsNew && !columns.Exists(c => child.Find(c) is not null)))
                continue;
            var parent = Parent(key);
            var problem = parent is null ? $"central will have no table {key.ParentTable}" : Problem(child, columns, parent, key);
            if (problem is not null)
            {
                Note(FindingSeverity.Warning, child, key, $"the foreign key ({string.Join(", ", key.Columns)}) to {key.ParentTable} is left out: {problem}", null);
                continue;
            }
            if (survey.Orphans(child.Terminal.Name, key.ParentTable) is > 0 and var orphans)
                Note(FindingSeverity.Warning, child, key, $"{orphans} {(orphans == 1 ? "row refers" : "rows refer")} to {key.ParentTable} rows that do not exist; central will refuse {(orphans == 1 ? "it" : "them")}", $"Correct the data at the terminal: PRAGMA foreign_key_check(\"{child.Terminal.Name}\") lists the rows.");
            yield return Statement(child, columns, parent!, key, names);
        }
    }

    private static ProvisionStatement Statement(CentralDraft child, List<string> columns, CentralDraft parent, ForeignKeySchema key, RelationNames names)
    {
        var parentColumns = key.ParentColumns.Select(parent.ToCentral);
        var name = names.Take(child.Name, $"{child.Name}_{string.Join('_', columns)}_fkey");
        var sql =
            $"""
            ALTER TABLE {CentralSql.Table(child)}
                ADD CONSTRAINT {PostgresName.Quote(name)} FOREIGN KEY ({CentralSql.List(columns)})
                REFERENCES {CentralSql.Table(parent)} ({CentralSql.List(parentColumns)}){Action("DELETE", key.OnDelete)}{Action("UPDATE", key.OnUpdate)}
                DEFERRABLE INITIALLY IMMEDIATE
            """;
        return new ProvisionStatement($"add the foreign key of {child.Name} to {parent.Name}", sql, child.Name, columns.Count == 1 && !child.IsNew ? columns[0] : null);
    }

    private static string Action(string verb, string action) => action is "NO ACTION" or "" ? string.Empty : $" ON {verb} {action}";

    private static string? Problem(CentralDraft child, List<string> columns, CentralDraft parent, ForeignKeySchema key)
    {
        var parentColumns = key.ParentColumns.Select(parent.ToCentral).ToList();
        if (parentColumns.Count == 0 || parentColumns.Count != columns.Count || !IsUnique(parent, parentColumns))
            return $"({string.Join(", ", key.ParentColumns)}) is not unique there";
        foreach (var (column, parentColumn) in columns.Zip(parentColumns))
        {
            if (child.TypeOf(column) is not { } own || parent.TypeOf(parentColumn) is not { } other || !CentralType.AreComparable(own, other))
                return $"{column} is {child.TypeOf(column) ?? "missing"}, but {parentColumn} is {parent.TypeOf(parentColumn) ?? "missing"}";
        }
        return null;
    }

    private static bool IsUnique(CentralDraft parent, List<string> columns)
    {
        var unique = parent.Pair.Central is { } existing
            ? existing.Indexes.Where(i => i is { IsUnique: true, IsPlain: true }).Select(i => i.Columns)
            : parent.Terminal.Indexes.Where(i => i is { IsUnique: true, IsPlain: true } && i.Columns.All(parent.Pair.Travels)).Select(i => (IReadOnlyList<string>)[.. i.Columns.Select(parent.Pair.ToCentral)]);
        return unique.Append(parent.Key).Any(u => u.Count == columns.Count && !u.Except(columns, StringComparer.OrdinalIgnoreCase).Any());
    }

    private CentralDraft? Parent(ForeignKeySchema key) => drafts.FirstOrDefault(d => string.Equals(d.Terminal.Name, key.ParentTable, StringComparison.OrdinalIgnoreCase));

    private void Note(FindingSeverity severity, CentralDraft child, ForeignKeySchema key, string message, string? remedy) =>
        notes.Add(new SchemaFinding(severity, DatabaseSide.Terminal, child.Terminal.Name, key.Columns.Count == 1 ? key.Columns[0] : null, message, remedy));
}
