using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>A rollback's own row in central's log, and what it asks of the log.</summary>
internal static class RollbackLog
{
    private const string Close = """
        WITH run AS (
          UPDATE payflow.sync_log SET status = $3, completed_at = now(), records_count = $4, undoes = CASE WHEN $4 > 0 THEN undoes END, failed = $5, error_message = $6, hint = $7 WHERE id = $1),
        terminal AS (UPDATE payflow.terminals SET last_status = $3, last_seen_at = now() WHERE id = $2 AND last_run_id = $1),
        counted AS (
          INSERT INTO payflow.sync_log_tables (run_id, table_name, direction, rows_read, inserted, updated, deleted, unchanged, failed)
          SELECT $1, p.* FROM unnest($8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[]) AS p
          WHERE EXISTS (SELECT 1 FROM payflow.sync_log WHERE id = $1)
          ON CONFLICT (run_id, table_name, direction) DO NOTHING)
        SELECT 1
        """;

    private const string Undone = "SELECT coalesce(array_agg(l.id ORDER BY l.started_at), '{}') FROM payflow.sync_log l WHERE l.undoes = $1";

    private const string Pushed = "SELECT coalesce(sum(inserted + updated + deleted), 0)::bigint FROM payflow.sync_log_tables WHERE run_id = $1 AND direction = $2";

    /// <summary>Ends the rollback's row; what central's part did counts as pull, what the terminal's did as push. One that took nothing back does not count as a rollback of its run.</summary>
    public static async Task CloseAsync(NpgsqlConnection connection, Guid rollback, string terminal, string status, RollbackTally tally, string? error, string? hint, CancellationToken cancellationToken)
    {
        var tables = tally.Tables;
        await using var command = new NpgsqlCommand(Close, connection);
        foreach (var value in new object[] { rollback, terminal, status, tables.Sum(t => t.Moved), tables.Sum(t => t.Left) })
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)hint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = tables.Select(t => t.Table).ToArray() });
        command.Parameters.Add(new() { Value = tables.Select(t => t.Side == RollbackSide.Central ? "pull" : "push").ToArray() });
        foreach (Func<RollbackTable, long> count in new Func<RollbackTable, long>[] { t => t.Moved + t.AlreadyBack + t.Left, t => t.Inserted, t => t.Updated, t => t.Deleted, t => t.AlreadyBack, t => t.Left })
            command.Parameters.Add(new() { Value = tables.Select(count).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps the run's journal from being removed for the length of the transaction.</summary>
    /// <exception cref="SyncException">It is gone, or going.</exception>
    public static async Task RequireJournalAsync(NpgsqlConnection connection, Guid run, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT journal_pruned_at FROM payflow.sync_log WHERE id = $1 FOR SHARE", connection) { Parameters = { new() { Value = run } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is DateTime at)
            throw RollbackTarget.Pruned(run, at);
    }

    /// <summary>Says which run this one takes back; in the transaction of central's part.</summary>
    public static async Task NoteAsync(NpgsqlConnection connection, Guid rollback, Guid undoes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("UPDATE payflow.sync_log SET undoes = $2 WHERE id = $1", connection) { Parameters = { new() { Value = rollback }, new() { Value = undoes } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Earlier rollbacks of a run, the first one first.</summary>
    public static async Task<Guid[]> EarlierAsync(NpgsqlConnection connection, Guid run, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Undone, connection) { Parameters = { new() { Value = run } } };
        return (Guid[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Rows that a run moved in one direction.</summary>
    public static async Task<long> MovedAsync(NpgsqlConnection connection, Guid run, string direction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Pushed, connection) { Parameters = { new() { Value = run }, new() { Value = direction } } };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
