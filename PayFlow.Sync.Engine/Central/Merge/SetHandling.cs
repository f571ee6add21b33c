using Npgsql;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// What a set that failed has taught: trouble of a kind that one statement can find in all rows at once, so that a thousand children of one missing parent are not looked for one by one,
/// and unique values that rows of the set may only be exchanging.
/// </summary>
internal sealed record SetHandling
{
    public static SetHandling None { get; } = new();

    /// <summary>Rows that refer to nothing by these are taken out first.</summary>
    public IReadOnlyList<ForeignKeySchema> Orphans { get; init; } = [];

    /// <summary>Rows with an empty value in these are taken out first.</summary>
    public IReadOnlyList<StagedColumn> Required { get; init; } = [];

    /// <summary>Rows that change these unique columns give up their values first.</summary>
    public IReadOnlyList<StagedColumn> Parked { get; init; } = [];

    /// <summary>What to try with the same rows; null when nothing is left but to take them apart.</summary>
    public SetHandling? Learn(PostgresException e, StagedTable table, UniqueHolder unique, IReadOnlyDictionary<string, string> centralNames)
    {
        if (e.TableName != table.Plan.Central.Name)
            return null;
        return e.SqlState switch
        {
            PostgresErrorCodes.ForeignKeyViolation => LearnOrphans(e, table, centralNames),
            // What a trigger may fill in is not empty for good; a parked row would set it off.
            PostgresErrorCodes.NotNullViolation when !table.Plan.Central.HasUserTriggers && table.Merged.FirstOrDefault(c => c.Plan.Central.Name == e.ColumnName) is { } column && !Required.Contains(column) =>
                this with { Required = [.. Required, column] },
            PostgresErrorCodes.UniqueViolation when !table.Plan.Central.HasUserTriggers && Parkable(e, unique).Except(Parked).ToList() is { Count: > 0 } columns => this with { Parked = [.. Parked, .. columns] },
            _ => null,
        };
    }

    // Only where the parent's table is merged too, or there is nothing to wait for. A row of the set may be another's parent.
    private SetHandling? LearnOrphans(PostgresException e, StagedTable table, IReadOnlyDictionary<string, string> centralNames) =>
        table.Plan.Central.ForeignKeys.FirstOrDefault(k => k.Name == e.ConstraintName) is { } key && !Orphans.Contains(key)
            && !RowRefusal.IsSelf(table.Plan, key) && RowRefusal.ParentOf(key, centralNames) is not null
            && key.Columns.All(name => table.Columns.Any(c => c.Plan.Central.Name == name))
            ? this with { Orphans = [.. Orphans, key] }
            : null;

    /// <summary>The columns of the broken unique constraint whose values can be given up for a moment.</summary>
    public static List<StagedColumn> Parkable(PostgresException e, UniqueHolder unique) => [.. (unique.ColumnsOf(e) ?? []).Where(c => c.IsMerged && MergeStatements.ParkedValue(c) is not null)];
}
