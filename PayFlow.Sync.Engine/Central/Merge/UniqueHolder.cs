using Npgsql;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// A row that was refused twice because another row of central has its unique value: finds that row and opens a conflict, so that a person can see both.
/// The first refusal is no conflict, for the value may be given up later in the same run.
/// </summary>
internal sealed class UniqueHolder(StagedTable table)
{
    /// <summary>Opens the conflict; null when it is none: another constraint, a value that nobody else has, a row refused for the first time.</summary>
    public async Task<RowOutcome?> OpenConflictAsync(MergeContext context, PostgresException e, StagedRow row, CancellationToken cancellationToken)
    {
        if (row.Change is not { Attempts: > 0, IsDelete: false } || ColumnsOf(e) is not { } columns)
            return null;
        if (await FindAsync(context, row, columns, cancellationToken) is not { } found)
            return null;
        var changed = columns.Where(c => IsChanged(row, c)).ToList();
        var decision = new MergeDecision(MergeAction.Ask, Conflict: "unique", Disputed: ColumnSet.Of(table.Merged.Count, i => changed.Contains(table.Merged[i])));
        var images = new ConflictImages
        {
            Key = table.IsLinked ? found.OwnKey : row.Change.Key,
            LocalKey = row.Change.Key,
            Base = row.Change.Base,
            Terminal = row.Change.Values,
            Central = found.Values,
            OtherKey = found.Key,
        };
        await ConflictRecord.WriteAsync(context, table, images, decision, cancellationToken);
        var values = string.Join(", ", columns.Select(c => row.Change.Values![c.Ordinal].ToString()));
        return new RowOutcome
        {
            Key = row.Change.Key,
            Status = RowStatus.Conflict,
            ServerKey = found.OwnKey,
            // A row that does not come down to the terminal is not named to it; whoever decides in the console sees both.
            Reason = $"'{values}' is already used by {(found.IsVisible ? $"{table.Plan.Name}/{found.Key} in central" : "a row of central that does not travel to this till")} (unique); a decision is needed",
        };
    }

    /// <summary>The columns of the broken unique constraint of this table, where all of them travel and one is the terminal's to change; null otherwise.</summary>
    public IReadOnlyList<StagedColumn>? ColumnsOf(PostgresException e)
    {
        if (e.SqlState != PostgresErrorCodes.UniqueViolation || e.TableName != table.Plan.Central.Name)
            return null;
        var index = table.Plan.Central.Indexes.FirstOrDefault(i => i.IsUnique && i.Name == e.ConstraintName);
        var columns = index?.Columns.Select(name => table.Columns.FirstOrDefault(c => c.Plan.Central.Name == name)).OfType<StagedColumn>().ToList();
        return columns is { Count: > 0 } && columns.Count == index!.Columns.Count && columns.Exists(c => c.IsMerged) ? columns : null;
    }

    private static bool IsChanged(StagedRow row, StagedColumn column) => row.Change.Base is not { } @base || @base[column.Ordinal] != row.Change.Values![column.Ordinal];

    // The row alone, staged again: what failed was undone.
    private async Task<(string Key, string? OwnKey, bool IsVisible, CellValue[] Values)?> FindAsync(MergeContext context, StagedRow row, IReadOnlyList<StagedColumn> columns, CancellationToken cancellationToken)
    {
        var (sql, links) = (new MergeStatements(table), new LinkStatements(table, new WriteLimitStatements(table)));
        await context.ExecuteAsync($"{table.CreateSql(row.WithBase)}; TRUNCATE {table.Name(row.WithBase)}", [], cancellationToken);
        await StageWriter.WriteAsync(context.Connection, table, [row], row.WithBase, cancellationToken);
        foreach (var translate in sql.TranslateReferences(row.WithBase))
            await context.ExecuteAsync(translate, [context.Terminal], cancellationToken);
        if (table.IsLinked)
            await context.ExecuteAsync(links.FindLinks(row.WithBase), [context.Terminal, table.Plan.Name], cancellationToken);
        await using var command = context.Command(Sql(row.WithBase, columns));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var values = new CellValue[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = table.Columns[i].Codec.Read(reader, i + 3);
        var found = (Normalized(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2), values);
        // Of an index that covers only some rows nobody knows which of several it is.
        return await reader.ReadAsync(cancellationToken) ? null : found;
    }

    // What the terminal did not change is not written, so central's own value counts there.
    private string Sql(bool withBase, IReadOnlyList<StagedColumn> columns)
    {
        var live = table.Plan.CentralSoftDelete is { } soft ? $" AND NOT coalesce({SoftDeleteSql.IsMarked(soft, "h." + PostgresName.Quote(soft.Name))}, false)" : string.Empty;
        var same = columns.Select(c => withBase
            ? $"h.{c.Name} = CASE WHEN t.ctid IS NULL OR {c.IsDifferent(c.NewValue, c.BaseValue)} THEN {c.NewValue} ELSE {c.Target} END"
            : $"h.{c.Name} = {c.NewValue}");
        return $"""
            SELECT {table.KeyText("h")}, CASE WHEN t.ctid IS NOT NULL THEN {table.KeyText("t")} END, EXISTS (SELECT 1 FROM {table.Target} t WHERE {string.Join(" AND ", table.Plan.CentralKey.Select(k => PostgresName.Quote(k.Name)).Select(k => $"t.{k} = h.{k}"))} AND {table.Visible}), {string.Join(", ", table.Columns.Select(c => c.Codec.ReadExpression("h." + c.Name)))}
            FROM {table.Name(withBase)} s LEFT JOIN {table.Target} t ON {table.SameRow}
            JOIN {table.Target} h ON {string.Join(" AND ", same)} AND h.ctid IS DISTINCT FROM t.ctid{live}
            LIMIT 2
            """;
    }

    private string Normalized(string key) => table.Keys.Count == 1 ? key : RowKey.Join(RowKey.Parse(key, table.Keys.Count));
}
