using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>Ends a run in one statement: its log row, what its push did per table, the terminal's state; and frees the lock.</summary>
internal static class CloseRun
{
    private const string Sql = """
        WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', CASE WHEN $14 THEN 'on' ELSE 'off' END, true)),
        run AS (
          UPDATE payflow.sync_log SET status = $3, completed_at = now(), records_count = $4, conflicts = $5, failed = $6, waiting = $7, error_message = $8, hint = $9
          FROM quick WHERE id = $1),
        terminal AS (
          UPDATE payflow.terminals SET last_status = $3, queue = $10, waiting_rows = $7, last_seen_at = now(), fingerprint = coalesce($15, fingerprint),
            dead_letters = $30, log_generation = coalesce($11, log_generation), log_xid = coalesce($12, log_xid), log_id = coalesce($13, log_id)
          WHERE id = $2),
        pushed AS (
          INSERT INTO payflow.sync_log_tables (run_id, table_name, direction, rows_read, inserted, updated, deleted, unchanged, conflicts, failed, waiting, skipped, checkpoint_from, checkpoint_to, duration_ms)
          SELECT $1, p.* FROM unnest($16::text[], $17::text[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::text[], $28::text[], $29::bigint[]) AS p
          WHERE EXISTS (SELECT 1 FROM payflow.sync_log WHERE id = $1)
          ON CONFLICT (run_id, table_name, direction) DO UPDATE SET checkpoint_from = excluded.checkpoint_from, checkpoint_to = excluded.checkpoint_to, duration_ms = excluded.duration_ms)
        SELECT pg_advisory_unlock(1346786137, hashtext($2))
        """;

    public static async Task ExecuteAsync(NpgsqlConnection connection, RunReport report, string? fingerprint, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        var tables = report.Tables;
        Add(command, report.RunId);
        Add(command, report.Terminal);
        Add(command, report.Status.ToString().ToUpperInvariant());
        Add(command, report.Moved);
        Add(command, report.Conflicts);
        Add(command, report.FailedRows);
        Add(command, report.WaitingForBootstrap);
        Add(command, report.Error, NpgsqlDbType.Text);
        Add(command, report.Hint, NpgsqlDbType.Text);
        Add(command, JsonSerializer.Serialize(report.Queue), NpgsqlDbType.Jsonb);
        Add(command, report.Position?.Generation, NpgsqlDbType.Integer);
        Add(command, report.Position is { } position ? (ulong)position.Transaction : null, NpgsqlDbType.Xid8);
        Add(command, report.Position?.Entry, NpgsqlDbType.Bigint);
        Add(command, report.Moved > 0);
        Add(command, fingerprint, NpgsqlDbType.Text);
        Add(command, tables.Select(t => t.Table).ToArray());
        Add(command, tables.Select(t => t.Direction.ToString().ToLowerInvariant()).ToArray());
        foreach (Func<TableProgress, long> count in new Func<TableProgress, long>[] { t => t.Read, t => t.Inserted, t => t.Updated, t => t.Deleted, t => t.Unchanged, t => t.Conflicts, t => t.Failed, t => t.Waiting, t => t.Skipped })
            Add(command, tables.Select(count).ToArray());
        Add(command, tables.Select(t => t.CheckpointFrom).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(command, tables.Select(t => t.CheckpointTo).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(command, tables.Select(t => (long)t.Duration.TotalMilliseconds).ToArray());
        Add(command, DeadLetters(report), NpgsqlDbType.Jsonb);
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // A remote till of another make may leave them out. PostgreSQL keeps no NUL, which a till's key may hold; \u2400 is its picture.
    private static string DeadLetters(RunReport report) => JsonSerializer.Serialize(
        (report.DeadLetters ?? []).Take(DeadLetter.Reported).Where(d => d?.Table is not null && d.Key is not null).Select(d => new { table = Storable(d.Table), key = Storable(d.Key), reason = Storable(d.Reason) }));

    private static string? Storable(string? text) => text?.Replace('\0', '\u2400');

    private static void Add(NpgsqlCommand command, object value) => command.Parameters.Add(new NpgsqlParameter { Value = value });

    private static void Add(NpgsqlCommand command, object? value, NpgsqlDbType type) => command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
