using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>
/// Central's part of a rollback, inside the caller's transaction: inserted rows go (children first), deleted ones return (parents first), changed ones get back the columns in which
/// they differ. A row that central refuses is found by halving and stays; what one round could not do, because another row stood in its way, the next one tries again.
/// </summary>
internal sealed class CentralRollback(NpgsqlConnection connection, SyncPlan plan, Guid rollback, string terminal)
{
    private readonly Dictionary<string, RollbackStatements> _statements = new(StringComparer.OrdinalIgnoreCase);
    private List<TablePlan> _tables = [];

    public async Task ExecuteAsync(Guid run, IReadOnlyList<string>? tables, RollbackTally tally, CancellationToken cancellationToken)
    {
        var names = await RollbackJournal.CollapseAsync(connection, run, tables, cancellationToken);
        _tables = [.. plan.Tables.Where(t => names.Contains(t.Name, StringComparer.OrdinalIgnoreCase)).OrderBy(t => t.Rank)];
        await RunAsync($"UPDATE {RollbackJournal.Table} SET verdict = 'L', reason = 'its table is not synced any more' WHERE NOT lower(table_name) = ANY ($1)", [_tables.Select(t => t.Name.ToLowerInvariant()).ToArray()], cancellationToken);
        await RunAsync("SET CONSTRAINTS ALL IMMEDIATE", [], cancellationToken);
        foreach (var table in _tables)
        {
            var statements = _statements[table.Name] = new RollbackStatements(table);
            await RunAsync(statements.Lock, [table.Name], cancellationToken);
            await RunAsync(statements.Classify, [table.Name], cancellationToken);
        }
        while (await RoundAsync(cancellationToken) > 0 && await CountOpenAsync(cancellationToken) > 0)
        {
        }
        if (await CountOpenAsync(cancellationToken) > 1)
            await TryTogetherAsync(cancellationToken);
        await RollbackJournal.CountAsync(connection, tally, cancellationToken);
        await RollbackJournal.NoteBackAsync(connection, run, tally, cancellationToken);
    }

    private async Task<long> RoundAsync(CancellationToken cancellationToken)
    {
        var moved = 0L;
        foreach (var table in Enumerable.Reverse(_tables))
        {
            await HoldParentsAsync(table, cancellationToken);
            moved += await MoveAsync(table, 'D', cancellationToken);
        }
        foreach (var table in _tables)
            moved += await MoveAsync(table, 'I', cancellationToken);
        foreach (var table in _tables)
            moved += await MoveAsync(table, 'U', cancellationToken);
        return moved;
    }

    // A foreign key that cascades would take rows along that came later and belong to somebody else.
    private async Task HoldParentsAsync(TablePlan table, CancellationToken cancellationToken)
    {
        await RunAsync($"UPDATE {RollbackJournal.Table} SET held = false, reason = NULL WHERE table_name = $1 AND verdict = 'D'", [table.Name], cancellationToken);
        var children = await ChildrenAsync(table, cancellationToken);
        for (var isHeld = children.Count > 0; isHeld;)
        {
            isHeld = false;
            foreach (var (child, childColumns, columns, isSelf) in children)
                isHeld |= await RunAsync(_statements[table.Name].HoldParents(child, childColumns, columns, isSelf), [table.Name], cancellationToken) > 0;
        }
    }

    private async Task<List<(string Child, string[] ChildColumns, string[] Columns, bool IsSelf)>> ChildrenAsync(TablePlan table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            SELECT f.conrelid::regclass::text,
              ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k (n, i) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.n ORDER BY k.i),
              ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k (n, i) JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.n ORDER BY k.i),
              f.conrelid = f.confrelid
            FROM pg_constraint f WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = $1
            """, connection)
        { Parameters = { new() { Value = table.Central.Oid, NpgsqlDbType = NpgsqlDbType.Oid } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var children = new List<(string, string[], string[], bool)>();
        while (await reader.ReadAsync(cancellationToken))
            children.Add((reader.GetString(0), reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2), reader.GetBoolean(3)));
        return children;
    }

    private async Task<long> MoveAsync(TablePlan table, char verdict, CancellationToken cancellationToken)
    {
        var ords = new List<int>();
        await using (var command = new NpgsqlCommand($"SELECT ord FROM {RollbackJournal.Table} WHERE table_name = $1 AND verdict = $2 AND NOT held ORDER BY ord", connection))
        {
            command.Parameters.Add(new() { Value = table.Name });
            command.Parameters.Add(new() { Value = verdict, NpgsqlDbType = NpgsqlDbType.InternalChar });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                ords.Add(reader.GetInt32(0));
        }
        return ords.Count == 0 ? 0 : await MoveAsync(table, verdict, [.. ords], cancellationToken);
    }

    // Rows that exchanged unique values stand in each other's way on the way back, too: they give them up first.
    private async Task<long> MoveAsync(TablePlan table, char verdict, int[] ords, CancellationToken cancellationToken, params IReadOnlyList<StagedColumn> parked)
    {
        await RunAsync("SAVEPOINT rows", [], cancellationToken);
        try
        {
            foreach (var column in parked)
                await RunAsync(_statements[table.Name].Park(column), [table.Name, ords, rollback, terminal], cancellationToken);
            var moved = await WriteAsync(table, verdict, ords, cancellationToken);
            await RunAsync("RELEASE SAVEPOINT rows", [], cancellationToken);
            return moved;
        }
        catch (PostgresException e) when (RowRefusal.IsOfOneRow(e))
        {
            await RunAsync("ROLLBACK TO SAVEPOINT rows; RELEASE SAVEPOINT rows", [], cancellationToken);
            if (ords.Length == 1)
            {
                await RunAsync($"UPDATE {RollbackJournal.Table} SET reason = $2 WHERE ord = $1", [ords[0], Words(e)], cancellationToken);
                return 0;
            }
            if (verdict == 'U' && _statements[table.Name].Parkable(e).Except(parked).ToList() is { Count: > 0 } more)
                return await MoveAsync(table, verdict, ords, cancellationToken, [.. parked, .. more]);
        }
        var half = ords.Length / 2;
        return await MoveAsync(table, verdict, ords[..half], cancellationToken) + await MoveAsync(table, verdict, ords[half..], cancellationToken);
    }

    private async Task<long> WriteAsync(TablePlan table, char verdict, int[] ords, CancellationToken cancellationToken)
    {
        var statements = _statements[table.Name];
        var sql = verdict switch
        {
            'D' => statements.Delete,
            'I' => statements.Insert(await ColumnsAsync(table, RollbackStatements.KnownColumns, ords, cancellationToken)),
            _ => await ColumnsAsync(table, statements.ChangedColumns, ords, cancellationToken) is { Count: > 0 } changed ? statements.Update(changed) : null,
        };
        if (sql is null)
            return 0;
        await RunAsync(sql, [table.Name, ords, rollback, terminal], cancellationToken);
        await using var done = new NpgsqlCommand($"SELECT count(*) FROM {RollbackJournal.Table} WHERE ord = ANY ($1) AND verdict IN ('d', 'i', 'u')", connection) { Parameters = { new() { Value = ords } } };
        return (long)(await done.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<ColumnSchema>> ColumnsAsync(TablePlan table, string sql, int[] ords, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = table.Name }, new() { Value = ords } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return [.. _statements[table.Name].Writable.Where(c => names.Contains(c.Name))];
    }

    // Rows that refer to each other in a circle can only go together, and only where the constraint may wait.
    private async Task TryTogetherAsync(CancellationToken cancellationToken)
    {
        await RunAsync("SAVEPOINT together", [], cancellationToken);
        try
        {
            await RunAsync("SET CONSTRAINTS ALL DEFERRED", [], cancellationToken);
            await RoundAsync(cancellationToken);
            await RunAsync("SET CONSTRAINTS ALL IMMEDIATE", [], cancellationToken);
            await RunAsync("RELEASE SAVEPOINT together", [], cancellationToken);
        }
        catch (PostgresException e) when (RowRefusal.IsOfOneRow(e))
        {
            await RunAsync("ROLLBACK TO SAVEPOINT together; RELEASE SAVEPOINT together", [], cancellationToken);
        }
    }

    private async Task<long> CountOpenAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {RollbackJournal.Table} WHERE verdict IN ('D', 'I', 'U')", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string Words(PostgresException e) => e.Detail is null ? e.MessageText : $"{e.MessageText} ({e.Detail.TrimEnd('.')})";

    private async Task<int> RunAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
