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
    // One row at least, so that an empty log still says whether it was pruned.
    private static readonly string Read = $"""
        SELECT now.pruned, l.generation, l.xid, l.id, l.table_id, l.op, l.key, l.origin
        FROM (
          SELECT c.generation, ({LogHorizon.Sql}) AS horizon, (c.pruned_generation, c.pruned_xid, c.pruned_id) > ($1, $2, $3) AS pruned
          FROM payflow.central c) now
        LEFT JOIN LATERAL (
          SELECT * FROM payflow.change_log e
          WHERE (e.generation, e.xid, e.id) > ($1, $2, $3) AND (e.generation < now.generation OR e.xid < now.horizon)
          ORDER BY e.generation, e.xid, e.id
          LIMIT $4) l ON true
        ORDER BY l.generation, l.xid, l.id
        """;

    private static readonly string ReadAll = Read.Replace($"({LogHorizon.Sql})", "pg_snapshot_xmax(pg_current_snapshot())", StringComparison.Ordinal);

    private static readonly string Horizon = $"SELECT generation, ({LogHorizon.Sql}) FROM payflow.central";

    /// <returns>The entries; null when the log no longer reaches back to <paramref name="after"/>: who has read only so far has missed something.</returns>
    public static async Task<List<LogEntry>?> ReadAsync(NpgsqlConnection connection, LogPosition after, int limit, Sabotage sabotage, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sabotage == Sabotage.IgnoreHorizon ? ReadAll : Read, connection)
        {
            Parameters =
            {
                new() { Value = after.Generation },
                new() { Value = (ulong)after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new() { Value = after.Entry },
                new() { Value = limit },
            },
        };
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<LogEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(0))
                return null;
            if (reader.IsDBNull(1))
                break;
            var position = new LogPosition(reader.GetInt32(1), (long)reader.GetFieldValue<ulong>(2), reader.GetInt64(3));
            entries.Add(new LogEntry(position, reader.GetInt32(4), reader.GetChar(5), reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
        }
        return entries;
    }

    /// <summary>Whether the log has changes of this terminal's own behind a place, readable yet or not.</summary>
    public static async Task<bool> HasOwnAsync(NpgsqlConnection connection, LogPosition after, string terminal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM payflow.change_log e WHERE (e.generation, e.xid, e.id) > ($1, $2, $3) AND e.origin = $4)", connection)
        {
            Parameters =
            {
                new() { Value = after.Generation },
                new() { Value = (ulong)after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new() { Value = after.Entry },
                new() { Value = terminal },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task<LogPosition> HorizonAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Horizon, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LogPosition(reader.GetInt32(0), (long)reader.GetFieldValue<ulong>(1), 0);
    }
}
