using Microsoft.Data.Sqlite;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>
/// What has to be known of a terminal beyond its schema before tables are made from it: SQLite's columns hold any type, its CHECK constraints and
/// collations have no counterpart, and its foreign keys may never have been enforced.
/// </summary>
public sealed class TerminalSurvey
{
    private readonly Dictionary<(string Table, string Column), ColumnSample> _columns = new(TableColumnComparer.Instance);
    private readonly Dictionary<string, int> _checks = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _looseIndexes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Table, string Column), long> _orphans = new(TableColumnComparer.Instance);

    private TerminalSurvey()
    {
    }

    /// <summary>Nothing is known: every table counts as empty.</summary>
    public static TerminalSurvey None { get; } = new();

    /// <summary>Reads every row of every table once. Changes nothing.</summary>
    /// <param name="connection">An open connection to the terminal.</param>
    /// <param name="terminal">The tables to read.</param>
    /// <param name="cancellationToken">Checked between tables and while texts are read.</param>
    public static TerminalSurvey Read(SqliteConnection connection, DatabaseSchema terminal, CancellationToken cancellationToken = default)
    {
        var survey = new TerminalSurvey();
        using var transaction = connection.BeginTransaction(deferred: true);
        foreach (var table in terminal.Tables)
        {
            foreach (var (column, sample) in ColumnSampler.Read(connection, table, cancellationToken))
                survey._columns[(table.Name, column)] = sample;
            survey._checks[table.Name] = TableTraits.CountChecks(connection, table.Name);
            survey._looseIndexes.UnionWith(TableTraits.IndexesWithCollation(connection, table.Name));
            foreach (var (parent, rows) in TableTraits.CountOrphans(connection, table.Name))
                survey._orphans[(table.Name, parent)] = rows;
        }
        transaction.Commit();
        return survey;
    }

    public ColumnSample Sample(string table, string column) => _columns.GetValueOrDefault((table, column), ColumnSample.Empty);

    /// <summary>The number of CHECK constraints the table is declared with.</summary>
    public int Checks(string table) => _checks.GetValueOrDefault(table);

    /// <summary>The index compares text by another collation than byte for byte (<c>NOCASE</c>, <c>RTRIM</c>).</summary>
    public bool IsCollated(string index) => _looseIndexes.Contains(index);

    /// <summary>The number of rows whose foreign key to that parent names a row that does not exist.</summary>
    public long Orphans(string table, string parent) => _orphans.GetValueOrDefault((table, parent));

    private sealed class TableColumnComparer : IEqualityComparer<(string Table, string Column)>
    {
        public static TableColumnComparer Instance { get; } = new();

        public bool Equals((string Table, string Column) x, (string Table, string Column) y) =>
            StringComparer.OrdinalIgnoreCase.Equals(x.Table, y.Table) && StringComparer.OrdinalIgnoreCase.Equals(x.Column, y.Column);

        public int GetHashCode((string Table, string Column) obj) =>
            HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Table), StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Column));
    }
}
