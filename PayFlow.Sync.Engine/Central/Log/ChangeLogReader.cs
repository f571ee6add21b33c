using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// Reads the change log, never past a commit that has not happened yet: a transaction's entries are seen only when every transaction that began before it has ended.
/// Older generations (before a restore into another cluster) hold nothing unfinished.
/// </summary>
/// <remarks>https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT</remarks>
internal static class ChangeLogReader
{
    private const string Read = """
        SELECT l.generation, l.xid, l.id, l.table_id, l.op, l.key, l.origin
        FROM (SELECT c.generation, pg_snapshot_xmin(pg_current_snapshot()) AS horizon FROM payflow.central c) now
        JOIN payflow.change_log l ON (l.generation, l.xid, l.id) > ($1, $2, $3) AND (l.generation < now.generation OR l.xid < now.horizon)
        ORDER BY l.generation, l.xid, l.id
        LIMIT $4
        """;

    private const string Horizon = "SELECT generation, pg_snapshot_xmin(pg_current_snapshot()) FROM payflow.central";

    public static async Task<List<LogEntry>> ReadAsync(NpgsqlConnection connection, LogPosition after, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection)
        {
            Parameters =
            {
                new() { Value = after.Generation },
                new() { Value = (ulong)after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new() { Value = after.Entry },
                new() { Value = limit },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<LogEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var position = new LogPosition(reader.GetInt32(0), (long)reader.GetFieldValue<ulong>(1), reader.GetInt64(2));
            entries.Add(new LogEntry(position, reader.GetInt32(3), reader.GetChar(4), reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6)));
        }
        return entries;
    }

    public static async Task<LogPosition> HorizonAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Horizon, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LogPosition(reader.GetInt32(0), (long)reader.GetFieldValue<ulong>(1), 0);
    }
}
