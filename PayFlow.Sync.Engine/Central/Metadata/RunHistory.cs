using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Lists runs, the last one first. Work by hand that moved no row is in the audit, and not here: a look at the queue, a refused edit, a rollback that found everything back.</summary>
public sealed class RunHistory(NpgsqlDataSource central)
{
    private const string List = """
        SELECT l.id, l.terminal_id, l.sync_type, l.direction, l.started_at, l.completed_at, l.status, l.records_count, l.error_message, l.hint, l.conflicts, l.failed, l.undoes,
          (SELECT u.id FROM payflow.sync_log u WHERE u.undoes = l.id ORDER BY u.started_at DESC LIMIT 1)
        FROM payflow.sync_log l
        WHERE ($1::text IS NULL OR l.terminal_id = $1)
          AND NOT (l.sync_type IN ('edit', 'requeue', 'discard', 'reread') AND l.records_count = 0)
          AND NOT (l.sync_type = 'rollback' AND l.status = 'SYNCED' AND l.undoes IS NULL AND l.failed = 0)
        ORDER BY l.started_at DESC, l.id
        LIMIT $2
        """;

    /// <param name="terminal">Whose runs; everybody's when null.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<LoggedRun>> ListAsync(string? terminal, int limit, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(List);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)terminal ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<LoggedRun>();
        while (await reader.ReadAsync(cancellationToken))
        {
            runs.Add(Read(reader) with
            {
                Conflicts = reader.GetInt64(10),
                Failed = reader.GetInt64(11),
                Undoes = reader.IsDBNull(12) ? null : reader.GetGuid(12),
                UndoneBy = reader.IsDBNull(13) ? null : reader.GetGuid(13),
            });
        }
        return runs;
    }

    /// <summary>Reads the first ten columns: id, terminal_id, sync_type, direction, started_at, completed_at, status, records_count, error_message, hint.</summary>
    internal static LoggedRun Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Terminal = reader.IsDBNull(1) ? null : reader.GetString(1),
        SyncType = reader.GetString(2),
        Direction = reader.GetString(3),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(4),
        CompletedAt = reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
        Status = reader.GetString(6),
        Records = reader.GetInt64(7),
        Error = reader.IsDBNull(8) ? null : reader.GetString(8),
        Hint = reader.IsDBNull(9) ? null : reader.GetString(9),
    };
}
