namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>The SQL that creates what is missing, looked up by table and column.</summary>
internal sealed class Remedies
{
    private readonly ILookup<(DatabaseSide, string), ProvisionStatement> _statements;

    private Remedies(IEnumerable<ProvisionScript> scripts, IReadOnlyList<SchemaFinding> problems)
    {
        Problems = problems;
        _statements = scripts.SelectMany(s => s.Statements.Select(t => (s.Side, Statement: t)))
            .ToLookup(t => (t.Side, Normal(t.Statement.Table)), t => t.Statement);
    }

    /// <summary>Why no SQL can be given for a side.</summary>
    public IReadOnlyList<SchemaFinding> Problems { get; }

    public static Remedies Of(TableMap? map, DatabaseSchema terminal, DatabaseSchema central)
    {
        var toTerminal = TerminalDdl.Create(central, terminal, map);
        try
        {
            return new Remedies([toTerminal, CentralDdl.Create(terminal, central, map, TerminalSurvey.None)], []);
        }
        catch (SyncException e)
        {
            return new Remedies([toTerminal], [new SchemaFinding(FindingSeverity.Error, DatabaseSide.Central, e.Table ?? string.Empty, null, e.Message, e.Hint)]);
        }
    }

    /// <summary>All statements that make the table, or null.</summary>
    public string? ForTable(DatabaseSide side, string table) => Join(_statements[(side, Normal(table))]);

    /// <summary>All statements that make the column, or null.</summary>
    public string? ForColumn(DatabaseSide side, string table, string column) =>
        Join(_statements[(side, Normal(table))].Where(s => string.Equals(s.Column, column, StringComparison.OrdinalIgnoreCase)));

    private static string? Join(IEnumerable<ProvisionStatement> statements)
    {
        var sql = string.Join(";\n", statements.Select(s => s.Sql));
        return sql.Length == 0 ? null : sql + ";";
    }

    /// <summary>Scripts name a central table without its schema.</summary>
    private static string Normal(string table) => table[(table.IndexOf('.', StringComparison.Ordinal) + 1)..].ToUpperInvariant();
}
