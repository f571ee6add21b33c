using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// One batch, one transaction: rows, links, journal, conflicts, the run's log rows and the batch's result commit together or not at all.
/// A batch that was applied before answers what it answered then.
/// </summary>
internal sealed class UploadOperation(string terminal, IReadOnlyDictionary<string, SectionMerge> merges, IReadOnlyDictionary<string, int> captured, IReadOnlyDictionary<string, string> centralNames)
{
    // random_page_cost: central's rows are found by key, a few thousand at a time; with the default for spinning disks the planner reads a million rows instead.
    // bulk: rows that the chain's only terminal had before PayFlow are nobody's news. A terminal that is attached at this very moment loads the table once more.
    // The terminal has no open conflicts, as a rule: then no row of the batch can close one.
    private const string Begin = $"""
        SELECT EXISTS (SELECT 1 FROM payflow.conflicts WHERE terminal_id = $1 AND state = 'OPEN'), set_config('payflow.origin', $1, true), set_config('random_page_cost', '1.1', true), set_config('synchronous_commit', 'on', true),
          set_config('{ChangeLogTriggers.BulkSetting}', CASE WHEN $2 AND NOT EXISTS (SELECT 1 FROM payflow.terminals WHERE id <> $1) THEN 'on' ELSE '' END, true)
        """;

    private const string Claim = "INSERT INTO payflow.batches (id, terminal_id, run_id, rows, result) VALUES ($1, $2, $3, $4, 'null') ON CONFLICT (id) DO NOTHING";
    private const string Store = "UPDATE payflow.batches SET result = $2 WHERE id = $1";
    private const string Find = "SELECT result::text FROM payflow.batches WHERE id = $1 AND terminal_id = $2";

    private const string Log = """
        INSERT INTO payflow.sync_log_tables AS l (run_id, table_name, direction, rows_read, inserted, updated, deleted, unchanged, conflicts, failed, waiting, skipped)
        SELECT $1, p.name, 'pull', p.r, p.i, p.u, p.d, p.n, p.c, p.f, p.w, p.s
        FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[]) AS p (name, r, i, u, d, n, c, f, w, s)
        WHERE EXISTS (SELECT 1 FROM payflow.sync_log WHERE id = $1)
        ON CONFLICT (run_id, table_name, direction) DO UPDATE SET
          rows_read = l.rows_read + excluded.rows_read, inserted = l.inserted + excluded.inserted, updated = l.updated + excluded.updated, deleted = l.deleted + excluded.deleted,
          unchanged = l.unchanged + excluded.unchanged, conflicts = l.conflicts + excluded.conflicts, failed = l.failed + excluded.failed, waiting = l.waiting + excluded.waiting, skipped = l.skipped + excluded.skipped
        """;

    public async Task<UploadResult> ExecuteAsync(NpgsqlConnection connection, ChangeBatch batch, Sabotage sabotage, CancellationToken cancellationToken)
    {
        batch.RequireIntact();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var context = new MergeContext(connection, terminal, batch, captured, centralNames) { Sabotage = sabotage };
        await using (var begin = context.Command(Begin, terminal, batch.Sections.All(s => s.IsBootstrap)))
            context = context with { HasOpenConflicts = (bool)(await begin.ExecuteScalarAsync(cancellationToken))! };
        if (await context.ExecuteAsync(Claim, [batch.Id, terminal, batch.RunId, batch.RowCount], cancellationToken) == 0)
        {
            await transaction.RollbackAsync(cancellationToken);
            return await FindAsync(connection, terminal, batch.Id, cancellationToken)
                ?? throw new SyncException(SyncErrorCode.Protocol, $"Batch {batch.Id} belongs to another terminal", "Give every batch an id of its own.") { Terminal = terminal };
        }
        var sections = await MergeTogetherAsync(context, batch.Sections, cancellationToken) ?? await MergeStrictlyAsync(context, batch.Sections, cancellationToken);
        var result = new UploadResult(batch.Id, sections);
        if (batch.IsDryRun)
        {
            await transaction.RollbackAsync(cancellationToken);
            return result;
        }
        await FinishAsync(context, result, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    // Deferred, so that rows may refer to each other. Null when a constraint is still broken at the end: nothing was done then.
    private async Task<List<SectionResult>?> MergeTogetherAsync(MergeContext context, IReadOnlyList<TableSection> sections, CancellationToken cancellationToken)
    {
        await context.ExecuteAsync("SAVEPOINT together; SET CONSTRAINTS ALL DEFERRED", [], cancellationToken);
        var results = await MergeEachAsync(context, sections, cancellationToken);
        try
        {
            await context.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT together", [], cancellationToken);
            return results;
        }
        catch (PostgresException e) when (RowRefusal.IsOfOneRow(e))
        {
            await context.ExecuteAsync("ROLLBACK TO SAVEPOINT together; RELEASE SAVEPOINT together", [], cancellationToken);
            return null;
        }
    }

    // Some row breaks a deferrable constraint, which says so too late to tell which: checked at once, each is found like any other. Those that are left waiting
    // get one more try together, for they may only wait for each other.
    private async Task<List<SectionResult>> MergeStrictlyAsync(MergeContext context, IReadOnlyList<TableSection> sections, CancellationToken cancellationToken)
    {
        await context.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", [], cancellationToken);
        var results = await MergeEachAsync(context, sections, cancellationToken);
        var waiting = sections.Zip(results, Waiting).Where(s => s.Rows.Count > 0).ToList();
        if (waiting.Count == 0 || await MergeTogetherAsync(context, waiting, cancellationToken) is not { } settled)
            return results;
        return [.. results.Select(WithoutWaiting), .. settled];
    }

    private async Task<List<SectionResult>> MergeEachAsync(MergeContext context, IReadOnlyList<TableSection> sections, CancellationToken cancellationToken)
    {
        var results = new List<SectionResult>(sections.Count);
        foreach (var section in sections)
        {
            var number = context.Tables.TryGetValue(section.Table, out var captured) ? captured : 0;
            await context.ExecuteAsync("SELECT set_config('payflow.origin_table', $1, true)", [number.ToString(System.Globalization.CultureInfo.InvariantCulture)], cancellationToken);
            results.Add(await merges[section.Table].MergeAsync(context, section, cancellationToken));
        }
        return results;
    }

    private static TableSection Waiting(TableSection section, SectionResult result)
    {
        var keys = result.Outcomes.Where(o => o.Status == RowStatus.Waits).Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        return section with { Rows = [.. section.Rows.Where(r => keys.Contains(r.Key))] };
    }

    private static SectionResult WithoutWaiting(SectionResult result)
    {
        var outcomes = result.Outcomes.Where(o => o.Status != RowStatus.Waits).ToList();
        return result with { Rows = result.Rows - (result.Outcomes.Count - outcomes.Count), Waiting = 0, Outcomes = outcomes };
    }

    public static async Task<UploadResult?> FindAsync(NpgsqlConnection connection, string terminal, Guid batchId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = batchId }, new() { Value = terminal } } };
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? JsonSerializer.Deserialize<UploadResult>(json, CellJson.Options) : null;
    }

    private static async Task FinishAsync(MergeContext context, UploadResult result, CancellationToken cancellationToken)
    {
        await using (var store = context.Command(Store, context.Batch.Id))
        {
            store.Parameters.Add(new() { Value = JsonSerializer.Serialize(result, CellJson.Options), NpgsqlDbType = NpgsqlDbType.Json });
            await store.ExecuteNonQueryAsync(cancellationToken);
        }
        var tables = result.Sections.GroupBy(s => s.Table).ToList();
        await using var log = context.Command(Log, context.Batch.RunId, tables.Select(t => t.Key).ToArray());
        foreach (Func<SectionResult, long> count in new Func<SectionResult, long>[] { s => s.Rows, s => s.Inserted, s => s.Updated, s => s.Deleted, s => s.Unchanged, s => s.Conflicts, s => s.Failed, s => s.Waiting, s => s.Skipped })
            log.Parameters.Add(new() { Value = tables.Select(t => t.Sum(count)).ToArray() });
        await log.ExecuteNonQueryAsync(cancellationToken);
    }
}
