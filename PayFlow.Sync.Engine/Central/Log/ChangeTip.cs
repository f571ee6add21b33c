using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>
/// What has come into the change log since somebody looked last: which tables, by whom. One short statement for all terminals of a host, and nothing in the transactions of those who change a row.
/// Looks no further than a reader may read (<see cref="LogHorizon"/>): who is told can fetch it.
/// </summary>
public static class ChangeTip
{
    /// <summary>Beyond so many entries it is not worth while to say whose they are: everybody may be meant.</summary>
    private const int MostEntries = 20_000;

    private const string First = $"SELECT c.generation, ({LogHorizon.Sql}) FROM payflow.central c";

    // Both ends as a row, so that the log's key alone is read.
    private const string Since = $"""
        SELECT n.generation, n.horizon, t.schema_name, t.table_name, m.origin, coalesce(m.entries, 0)
        FROM (SELECT c.generation, ({LogHorizon.Sql}) AS horizon FROM payflow.central c) n
        LEFT JOIN LATERAL (
          SELECT l.table_id, l.origin, count(*) AS entries
          FROM (
            SELECT e.table_id, e.origin FROM payflow.change_log e
            WHERE (e.generation, e.xid, e.id) >= ($1, $2, 0::bigint) AND (e.generation, e.xid, e.id) < (n.generation, n.horizon, 0::bigint)
            ORDER BY e.generation, e.xid, e.id
            LIMIT $3) l
          GROUP BY l.table_id, l.origin) m ON true
        LEFT JOIN payflow.captured_tables t ON t.id = m.table_id
        """;

    /// <summary>Looks once.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="after">Where the last look ended; null for the first one, which only says where the log stands.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ChangeNews> ReadAsync(NpgsqlConnection connection, LogPosition? after, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(after is null ? First : Since, connection);
        if (after is { } place)
        {
            command.Parameters.Add(new() { Value = place.Generation });
            command.Parameters.Add(new() { Value = (ulong)place.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 });
            command.Parameters.Add(new() { Value = MostEntries });
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tip = default(LogPosition);
        var entries = 0L;
        var changes = new List<TableChange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tip = new LogPosition(reader.GetInt32(0), (long)reader.GetFieldValue<ulong>(1), 0);
            if (after is null)
                break;
            entries += reader.GetInt64(5);
            if (!reader.IsDBNull(2))
                changes.Add(new TableChange(reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        }
        return new ChangeNews(tip, changes, entries >= MostEntries);
    }
}
