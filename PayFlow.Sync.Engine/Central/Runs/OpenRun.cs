using System.Text.Json;
using Npgsql;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>
/// Begins a run in one statement: the terminal's lock, its log row, and everything that decides whether what is known of both schemas still holds. A run that its host never ended is closed as failed.
/// </summary>
internal static class OpenRun
{
    // The log row alone is no loss worth waiting for the disk: a run that moves something waits with its first batch.
    private static readonly string Sql = $$"""
        WITH lock AS MATERIALIZED (SELECT pg_try_advisory_lock(1346786137, hashtext($1)) AS taken, set_config('synchronous_commit', 'off', true)),
        terminal AS MATERIALIZED (SELECT t.* FROM payflow.terminals t WHERE t.id = $1),
        abandoned AS (
          UPDATE payflow.sync_log l SET status = 'FAILED', completed_at = now(), error_message = 'The host ended during the run.', hint = 'Nothing was lost: the next run goes on where this one stopped.'
          FROM terminal, lock WHERE lock.taken AND l.id = terminal.last_run_id AND l.status = 'RUNNING'),
        run AS (
          INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, started_at, status, host, counter)
          SELECT $2, $1, $3, $4, now(), 'RUNNING', $5, terminal.counter FROM lock, terminal WHERE lock.taken),
        seen AS (
          UPDATE payflow.terminals t SET last_run_id = $2, last_seen_at = now() FROM lock WHERE lock.taken AND t.id = $1)
        SELECT lock.taken, c.id, {{PlanVersion.Expression("$6")}},
          terminal.counter, terminal.nonce, terminal.lineage, terminal.fingerprint, terminal.last_seen_at, terminal.state, terminal.attributes::text, terminal.log_generation, terminal.log_xid, terminal.log_id, terminal.number
        FROM lock CROSS JOIN payflow.central c LEFT JOIN terminal ON true
        """;

    public static async Task<OpenedRun> ExecuteAsync(NpgsqlConnection connection, Hello hello, uint[] tables, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new() { Value = hello.Terminal },
                new() { Value = hello.RunId },
                new() { Value = hello.SyncType },
                new() { Value = hello.Direction.ToString().ToLowerInvariant() },
                new() { Value = Environment.MachineName },
                new() { Value = tables, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid },
            },
        };
        // Every run begins with it, so the server plans it once for each connection.
        await command.PrepareAsync(cancellationToken);
        await using var reader = await ExecuteAsync(command, hello, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0))
            throw new SyncException(SyncErrorCode.Busy, $"Terminal {hello.Terminal} is being synced by another run", "Wait until it ends; a run whose host died frees the terminal as soon as PostgreSQL notices.") { Terminal = hello.Terminal, IsTransient = true };
        if (reader.IsDBNull(3))
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Central does not know a terminal {hello.Terminal}", "If the file was attached to another central, name that one: --central, or --data for the folder with its private PostgreSQL. Otherwise attach it: payflow attach --sqlite FILE --terminal ID") { Terminal = hello.Terminal };
        if (reader.GetString(8) != "active")
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {hello.Terminal} was detached", "Attach it again: payflow attach --sqlite FILE --terminal ID") { Terminal = hello.Terminal };
        return new OpenedRun
        {
            CentralId = reader.GetGuid(1),
            PlanVersion = reader.GetString(2),
            Counter = reader.GetInt64(3),
            Nonce = reader.IsDBNull(4) ? null : reader.GetGuid(4),
            Lineage = reader.GetGuid(5),
            Fingerprint = reader.IsDBNull(6) ? null : reader.GetString(6),
            LastSeenAt = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
            Attributes = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(9)) ?? [],
            Position = new LogPosition(reader.GetInt32(10), (long)reader.GetFieldValue<ulong>(11), reader.GetInt64(12)),
            Number = reader.GetInt32(13),
        };
    }

    // A run begins once: a copy of its beginning that a line delivers later must not make it the terminal's run again.
    private static async Task<NpgsqlDataReader> ExecuteAsync(NpgsqlCommand command, Hello hello, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteReaderAsync(cancellationToken);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "sync_log_pkey" })
        {
            throw new SyncException(SyncErrorCode.Busy, $"Run {hello.RunId} of terminal {hello.Terminal} was opened before", "It begins anew by itself; nothing is lost.", e) { Terminal = hello.Terminal, IsTransient = true };
        }
    }
}
