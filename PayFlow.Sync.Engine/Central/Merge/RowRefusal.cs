using System.Text.RegularExpressions;
using Npgsql;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>The one place that turns a SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) into what became of a row.</summary>
internal static partial class RowRefusal
{
    private const string Required = "central does not allow an empty value here";

    /// <summary>Whether a row's values are to blame: data exceptions, constraints, what a trigger raises, limits. Everything else is the batch's trouble.</summary>
    public static bool IsOfOneRow(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal)
        || e.SqlState.StartsWith("P0", StringComparison.Ordinal) || e.SqlState.StartsWith("54", StringComparison.Ordinal) || e.SqlState.StartsWith("44", StringComparison.Ordinal)
        || e.SqlState.StartsWith("21", StringComparison.Ordinal) || e.SqlState.StartsWith("0A", StringComparison.Ordinal) || e.SqlState.StartsWith("55000", StringComparison.Ordinal);

    public static RowOutcome Describe(PostgresException e, TablePlan table, RowChange change, IReadOnlyDictionary<string, string> centralNames)
    {
        var missing = e.SqlState == PostgresErrorCodes.ForeignKeyViolation ? MissingParent(e, table, change) : null;
        if (missing is not null && ParentOf(missing, centralNames) is not null)
            return Waits(missing, table, change, centralNames);
        var (columns, values) = KeyOf(e);
        // Of a row that cannot be deleted, no column is to blame.
        var column = change.IsDelete ? null : TerminalColumn(table, e.ColumnName ?? columns);
        return new()
        {
            Key = change.Key,
            Status = RowStatus.Failed,
            Column = column,
            Reason = $"{table.Name}{(column is null ? string.Empty : "." + column)}: {(missing is null ? Words(e, values) : $"central has no such row in {missing.ParentTable} ({missing.Name})")}",
            RetrySoon = e.SqlState == PostgresErrorCodes.UniqueViolation,
        };
    }

    private static string Words(PostgresException e, string? values) => e.SqlState switch
    {
        PostgresErrorCodes.NotNullViolation => Required,
        PostgresErrorCodes.UniqueViolation when e.TableName == "links" => "central has one row for two rows of this terminal: their natural key is the same",
        PostgresErrorCodes.UniqueViolation when values is null => $"the value is already used by another row in central ({e.ConstraintName})",
        PostgresErrorCodes.UniqueViolation => $"'{values}' is already used by another row in central ({e.ConstraintName})",
        // A row for which there is no partition says so under the same code, and breaks no constraint that has a name.
        PostgresErrorCodes.CheckViolation when e.ConstraintName is { Length: > 0 } => $"central's check {e.ConstraintName} does not allow the value",
        PostgresErrorCodes.ForeignKeyViolation => $"{e.TableName} in central still has rows that refer to it ({e.ConstraintName})",
        _ => e.MessageText,
    };

    /// <summary>A delete that would take rows of <paramref name="child"/> along that the terminal never had.</summary>
    public static RowOutcome Held(TablePlan table, RowChange change, TablePlan child) => new()
    {
        Key = change.Key,
        Status = RowStatus.Failed,
        Reason = $"{table.Name}: {child.Name} in central still has rows that belong to it and that this terminal has never had; central would delete them as well",
    };

    /// <summary>A row that central has, and that is none of the terminal's.</summary>
    public static RowOutcome Foreign(StagedTable table, RowChange change) =>
        Refused(table, change, "central's row of this key is not among those that this till may write", "Give the row a key of its own, or give it up");

    /// <summary>A row that the terminal may not write as it sent it.</summary>
    public static RowOutcome Outside(StagedTable table, RowChange change) =>
        Refused(table, change, "as it was sent it would not be among those that this till may write", "Correct the row");

    private static RowOutcome Refused(StagedTable table, RowChange change, string why, string remedy) => new()
    {
        Key = change.Key,
        Status = RowStatus.Failed,
        Reason = $"{table.Plan.Name}/{change.Key}: {why} ({table.Limit!.Field}: {table.Limit.Text}). {remedy}, or let an administrator set \"writeFilter\" for {table.Plan.Name} in the table map.",
    };

    /// <summary>The terminal's table that a foreign key of central refers to; null when it is not one that travels up.</summary>
    public static string? ParentOf(ForeignKeySchema key, IReadOnlyDictionary<string, string> centralNames) => centralNames.GetValueOrDefault(Bare(key.ParentTable));

    public static bool IsSelf(TablePlan table, ForeignKeySchema key) => Bare(key.ParentTable) == table.Central.Name;

    /// <summary>A row that waits for the parent which this foreign key names.</summary>
    public static RowOutcome Waits(ForeignKeySchema key, TablePlan table, RowChange change, IReadOnlyDictionary<string, string> centralNames)
    {
        var values = key.Columns.Select(name => table.Columns.ToList().FindIndex(c => c.Central.Name == name)).Where(i => i >= 0).Select(i => change.Values![i].ToString());
        return new() { Key = change.Key, Status = RowStatus.Waits, Reason = $"{ParentOf(key, centralNames)}/{string.Join(", ", values)}" };
    }

    /// <summary>A row without a value that central requires.</summary>
    public static RowOutcome Empty(TablePlan table, ColumnPlan column, RowChange change) =>
        new() { Key = change.Key, Status = RowStatus.Failed, Column = column.Terminal.Name, Reason = $"{table.Name}.{column.Terminal.Name}: {Required}" };

    // By the constraint's name, not by the message: that is in the server's language.
    private static ForeignKeySchema? MissingParent(PostgresException e, TablePlan table, RowChange change) =>
        change.IsDelete || e.TableName != table.Central.Name ? null : table.Central.ForeignKeys.FirstOrDefault(k => k.Name == e.ConstraintName);

    private static string Bare(string table) => table[(table.LastIndexOf('.') + 1)..];

    private static (string? Columns, string? Values) KeyOf(PostgresException e)
    {
        var match = Key().Match(e.Detail ?? string.Empty);
        return match.Success ? (match.Groups["columns"].Value, match.Groups["values"].Value) : (null, null);
    }

    private static string? TerminalColumn(TablePlan table, string? centralColumn) =>
        centralColumn is null ? null : table.Columns.FirstOrDefault(c => c.Central.Name == centralColumn)?.Terminal.Name ?? centralColumn;

    [GeneratedRegex("""^Key \((?<columns>[^)]*)\)=\((?<values>.*)\) """, RegexOptions.Singleline)]
    private static partial Regex Key();
}
