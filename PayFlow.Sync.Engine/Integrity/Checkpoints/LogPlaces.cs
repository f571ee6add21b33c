using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>Counts in central's change log, between places.</summary>
internal sealed class LogPlaces(NpgsqlConnection connection, string terminal)
{
    /// <summary>Entries that are looked at; who is further behind than that is told "more".</summary>
    public const int Limit = 200_000;

    // One reading for all tables: their places lie close together.
    private const string Behind = """
        SELECT w.table_id, count(DISTINCT e.key), coalesce(bool_or(e.key IS NULL), false), min(e.logged_at), (SELECT count(*) FROM scanned) >= $6
        FROM unnest($1, $2, $3, $4) AS w (table_id, generation, xid, id)
        LEFT JOIN scanned e ON e.table_id = w.table_id AND (e.generation, e.xid, e.id) > (w.generation, w.xid, w.id) AND e.origin IS DISTINCT FROM $5
        GROUP BY w.table_id
        """;

    private const string Scanned = """
        WITH scanned AS MATERIALIZED (
          SELECT l.* FROM payflow.change_log l
          WHERE (l.generation, l.xid, l.id) > (SELECT t.generation, t.xid, t.id FROM unnest($2, $3, $4) AS t (generation, xid, id) ORDER BY 1, 2, 3 LIMIT 1)
          ORDER BY l.generation, l.xid, l.id LIMIT $6)
        """;

    // What was removed lies behind the border. Nothing of it is missed where a checkpoint that was written before the instant lies at the border or beyond it.
    private const string First = """
        SELECT e.generation, e.xid, e.id, (SELECT min(l.logged_at) FROM payflow.change_log l), c.pruned_xid > '0' AND NOT EXISTS (
          SELECT FROM (SELECT l.id FROM payflow.sync_log l WHERE l.terminal_id = $2 AND l.completed_at <= $1 ORDER BY l.started_at DESC LIMIT 200) l
          JOIN payflow.sync_log_tables t ON t.run_id = l.id AND t.direction = 'push'
          WHERE CASE WHEN t.checkpoint_to ~ '^[0-9]+/[0-9]+/[0-9]+$'
            THEN (split_part(t.checkpoint_to, '/', 1)::integer, split_part(t.checkpoint_to, '/', 2)::xid8, split_part(t.checkpoint_to, '/', 3)::bigint) >= (c.pruned_generation, c.pruned_xid, c.pruned_id) END)
        FROM payflow.central c
        LEFT JOIN LATERAL (SELECT * FROM payflow.change_log l WHERE l.logged_at >= $1 ORDER BY l.generation, l.xid, l.id LIMIT 1) e ON true
        """;

    /// <summary>What stands behind the places: rows, whether all of the table was truncated or has to be read, since when, and whether there is more than was looked at.</summary>
    public async Task<IReadOnlyDictionary<int, (long Rows, bool IsAll, DateTimeOffset? Oldest, bool IsMore)>> BehindAsync(IReadOnlyDictionary<int, LogPosition> places, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, (long, bool, DateTimeOffset?, bool)>();
        if (places.Count == 0)
            return found;
        await using var command = new NpgsqlCommand($"{Scanned}\n{Behind}", connection)
        {
            Parameters =
            {
                new() { Value = places.Keys.ToArray() },
                new() { Value = places.Values.Select(p => p.Generation).ToArray() },
                new() { Value = places.Values.Select(p => (ulong)p.Transaction).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Xid8 },
                new() { Value = places.Values.Select(p => p.Entry).ToArray() },
                new() { Value = terminal },
                new() { Value = Limit },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found[reader.GetInt32(0)] = (reader.GetInt64(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3), reader.GetBoolean(4));
        return found;
    }

    /// <summary>The place just before the first change since an instant; null when nothing has been changed since.</summary>
    /// <returns>And since when the log has everything; null when it has all of what was changed since the instant.</returns>
    public async Task<(LogPosition? Place, DateTimeOffset? ReachesBackTo)> BeforeAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(First, connection) { Parameters = { new() { Value = since.ToUniversalTime() }, new() { Value = terminal } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        LogPosition? place = reader.IsDBNull(0) ? null : new LogPosition(reader.GetInt32(0), (long)reader.GetFieldValue<ulong>(1), reader.GetInt64(2) - 1);
        DateTimeOffset? reaches = reader.GetBoolean(4) ? reader.IsDBNull(3) ? DateTimeOffset.MaxValue : reader.GetFieldValue<DateTimeOffset>(3) : null;
        return (place, reaches);
    }
}
