using PayFlow.Sync.Engine.Central;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Makes what central lacks out of a terminal's tables.</summary>
public static class CentralDdl
{
    /// <summary>
    /// The statements in the order in which they must run: schemas, tables with parents first, columns missing in tables that exist, indexes, foreign keys.
    /// Names are kept exactly as they are, case included.
    /// </summary>
    /// <param name="terminal">The tables to make it from.</param>
    /// <param name="existing">What central has already; none of it is altered but by added columns.</param>
    /// <param name="map">The tables wanted and how they are called in central; without a map, all.</param>
    /// <param name="survey">What the terminal's columns really hold; <see cref="TerminalSurvey.None"/> trusts the declared types.</param>
    /// <exception cref="SyncException">A name that PostgreSQL would cut or refuse.</exception>
    public static ProvisionScript Create(DatabaseSchema terminal, DatabaseSchema existing, TableMap? map, TerminalSurvey survey)
    {
        var notes = new List<SchemaFinding>();
        var drafts = Drafts(TablePair.Of(map, terminal, existing), notes);
        var columns = new CentralColumns(survey, notes);
        var foreignKeys = new CentralForeignKeys(drafts, survey, notes);
        foreach (var draft in drafts)
            columns.Fill(draft);
        foreach (var draft in drafts)
            foreignKeys.AlignTypes(draft);
        foreach (var draft in drafts)
            columns.SetDefaults(draft);

        var indexes = new CentralIndexes(existing, drafts, survey, notes);
        var changed = drafts.Where(d => d.Columns.Count > 0).ToList();
        List<ProvisionStatement> statements =
        [
            .. Schemas(changed, existing),
            .. changed.SelectMany(Tables),
            .. changed.SelectMany(indexes.Create),
            .. changed.SelectMany(foreignKeys.Create),
        ];
        NoteChecks(drafts, survey, notes);
        return new ProvisionScript(DatabaseSide.Central, statements, notes);
    }

    private static List<CentralDraft> Drafts(IReadOnlyList<TablePair> pairs, List<SchemaFinding> notes)
    {
        var drafts = new List<CentralDraft>();
        foreach (var pair in pairs)
        {
            if (Refusal(pair, drafts) is { } refusal)
                notes.Add(refusal);
            else if (pair.Terminal is not null)
                drafts.Add(new CentralDraft(pair));
        }
        return ParentsFirst.Sort(drafts, d => d.Terminal.Name, d => d.Terminal.ForeignKeys.Select(f => f.ParentTable));
    }

    private static SchemaFinding? Refusal(TablePair pair, List<CentralDraft> drafts)
    {
        SchemaFinding Finding(string? column, string message, string remedy) =>
            new(FindingSeverity.Error, DatabaseSide.Terminal, pair.TerminalName, column, message, remedy);

        if (pair is { Terminal: null, Central: null })
            return Finding(null, $"neither side has a table {pair.TerminalName}", "Correct the name in the map.");
        if (pair is not { Terminal: { } terminal, Central: null })
            return null;
        if (drafts.Find(d => string.Equals(d.Pair.CentralName, pair.CentralName, StringComparison.OrdinalIgnoreCase)) is { } other)
            return Finding(null, $"{other.Terminal.Name} and {terminal.Name} both travel to central's {pair.CentralName}", "Give each a central table of its own in the map.");
        if (terminal.Key.Count == 0)
        {
            return Finding(
                null, $"{terminal.Name} has no primary key, so its rows cannot be told apart; it is not created in central",
                "Give the table a primary key at the terminal (a unique index over NOT NULL columns will do), or leave it out of the map.");
        }
        return !pair.IsLinked && terminal.Key.FirstOrDefault(k => !pair.Travels(k)) is { } held
            ? Finding(held, $"the key column {held} stays at the terminal; {terminal.Name} is not created in central", "Take it out of \"exclude\", or give the terminal's table a server_id column.")
            : null;
    }

    private static IEnumerable<ProvisionStatement> Schemas(List<CentralDraft> drafts, DatabaseSchema existing) =>
        drafts.Where(d => d is { IsNew: true, Schema: not null } && existing.Tables.All(t => t.Schema != d.Schema))
            .DistinctBy(d => d.Schema)
            .Select(d => new ProvisionStatement($"create schema {d.Schema}", $"CREATE SCHEMA IF NOT EXISTS {PostgresName.Quote(d.Schema!)}", d.Name));

    private static IEnumerable<ProvisionStatement> Tables(CentralDraft draft) => draft.IsNew
        ? [new ProvisionStatement($"create table {draft.Name}", CentralSql.CreateTable(draft), draft.Name)]
        : draft.Columns.Select(c => new ProvisionStatement($"add column {c.Name} to table {draft.Name}", CentralSql.AddColumn(draft, c), draft.Name, c.Name));

    private static void NoteChecks(List<CentralDraft> drafts, TerminalSurvey survey, List<SchemaFinding> notes)
    {
        foreach (var draft in drafts.Where(d => d.IsNew && survey.Checks(d.Terminal.Name) > 0))
        {
            var checks = survey.Checks(draft.Terminal.Name);
            notes.Add(new SchemaFinding(
                FindingSeverity.Info, DatabaseSide.Terminal, draft.Terminal.Name, null,
                $"{checks} CHECK constraint{(checks == 1 ? " is" : "s are")} not carried over", $"Add what central should enforce: ALTER TABLE {CentralSql.Table(draft)} ADD CHECK (…)"));
        }
    }
}
