namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Decides which columns central gets for a terminal's table, and of what type.</summary>
internal sealed class CentralColumns(TerminalSurvey survey, List<SchemaFinding> notes)
{
    /// <summary>Fills in the columns that central does not have.</summary>
    public void Fill(CentralDraft draft)
    {
        RelationNames.CheckTable(draft.Name);
        if (draft is { IsNew: true, Pair.IsLinked: true })
        {
            draft.Columns.Add(new DraftColumn
            {
                Name = TablePair.LinkedKeyColumn,
                Source = null,
                Type = CentralType.LinkedKey,
                NotNull = true,
                Default = "gen_random_uuid()::text",
            });
        }
        foreach (var column in draft.Terminal.Columns.Where(c => draft.Pair.Travels(c.Name)))
        {
            var name = draft.Pair.ToCentral(column.Name);
            if (draft.Pair.Central?.Find(name) is not null || draft.Find(name) is not null)
                continue;
            RelationNames.CheckColumn(draft.Name, name);
            draft.Columns.Add(Choose(draft, column, name));
        }
    }

    /// <summary>The default can only be said once the type is final.</summary>
    public void SetDefaults(CentralDraft draft)
    {
        for (var i = 0; i < draft.Columns.Count; i++)
        {
            if (draft.Columns[i] is not { Source: { Default: { } expression, IsGenerated: false } source, IdentityFrom: null } column)
                continue;
            var translated = CentralDefault.Of(expression, column.Type);
            if (translated is null && SqlDefault.Parse(expression).Kind != SqlDefaultKind.None)
                Note(FindingSeverity.Info, draft, source.Name, $"the default {expression} is not carried over to a column of type {column.Type}", null);
            draft.Columns[i] = column with { Default = translated };
        }
    }

    private DraftColumn Choose(CentralDraft draft, ColumnSchema column, string name)
    {
        var sample = survey.Sample(draft.Terminal.Name, column.Name);
        var type = CentralTypeChoice.Of(column, sample);
        // json has no equality operator in PostgreSQL: neither a key nor an index is possible on it.
        if (type.Name == CentralType.Json && IsKeyed(draft.Terminal, column.Name))
            type = new CentralType(CentralType.Text);
        if (type.Remark is { } remark)
            Note(FindingSeverity.Warning, draft, column.Name, $"{column.Name} {remark}", null);
        if (column.IsGenerated)
            Note(FindingSeverity.Info, draft, column.Name, $"{column.Name} is computed by the terminal; in central it is an ordinary column", null);

        var isKey = draft.IsNew && draft.Terminal.Key.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
        if (isKey && sample.Nulls > 0)
            Note(FindingSeverity.Warning, draft, column.Name, $"{sample.Nulls} rows have NULL in the key column {column.Name} and cannot go to central", "Give those rows a key.");
        return new DraftColumn
        {
            Name = name,
            Source = column,
            Type = type.Name,
            // Rows that central already has would have no value.
            NotNull = isKey || (column.NotNull && draft.IsNew),
            IdentityFrom = isKey && type.Name == CentralType.BigInt && IsNumberedHere(draft.Terminal, column) ? Math.Max(sample.Greatest ?? 0, 0) + 1 : null,
        };
    }

    private static bool IsNumberedHere(TableSchema table, ColumnSchema column) =>
        table.IsAutoIncrement && column.IsAutoNumber && !table.ForeignKeys.Any(f => f.Columns.Contains(column.Name, StringComparer.OrdinalIgnoreCase));

    private static bool IsKeyed(TableSchema table, string column) =>
        table.Key.Concat(table.Indexes.SelectMany(i => i.Columns)).Concat(table.ForeignKeys.SelectMany(f => f.Columns)).Contains(column, StringComparer.OrdinalIgnoreCase);

    private void Note(FindingSeverity severity, CentralDraft draft, string? column, string message, string? remedy) =>
        notes.Add(new SchemaFinding(severity, DatabaseSide.Terminal, draft.Terminal.Name, column, message, remedy));
}
