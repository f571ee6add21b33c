using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>Reads what was compared, repaired and taken back, the last one first: jobs, and the runs of the command line, which have none.</summary>
internal sealed class ConsistencyHistory(NpgsqlDataSource central)
{
    private const string All = """
        SELECT j.id AS job, j.run_ids[array_upper(j.run_ids, 1)] AS run, j.kind, coalesce((j.request ->> 'isDryRun')::boolean, false) AS preview, j.terminal_id,
          CASE WHEN j.state <> 'SUCCEEDED' OR j.kind <> 'verify' THEN j.state WHEN (j.result ->> 'equal')::boolean THEN 'EQUAL' ELSE 'DIFFERENT' END AS status,
          j.created_at AS at, j.actor,
          CASE j.kind WHEN 'verify' THEN (j.result ->> 'differences')::bigint WHEN 'rollback' THEN (j.result ->> 'moved')::bigint
            ELSE coalesce((j.result -> 'found' ->> 'differences')::bigint, 0) END AS rows,
          j.error
        FROM console.jobs j
        WHERE j.kind IN ('verify', 'repair', 'rollback') AND ($1::text IS NULL OR j.terminal_id = $1) AND ($2::text IS NULL OR j.kind = $2)
        UNION ALL
        SELECT NULL, l.id, l.sync_type, false, l.terminal_id, CASE l.status WHEN 'SYNCED' THEN 'SUCCEEDED' ELSE l.status END, l.started_at, NULL, l.records_count, l.error_message
        FROM payflow.sync_log l
        WHERE l.sync_type IN ('repair', 'rollback') AND ($1::text IS NULL OR l.terminal_id = $1) AND ($2::text IS NULL OR l.sync_type = $2)
          AND NOT EXISTS (SELECT FROM console.jobs j WHERE j.run_ids @> ARRAY[l.id])
        """;

    private const string List = $"SELECT * FROM ({All}) h ORDER BY at DESC, job DESC NULLS LAST OFFSET $3 LIMIT $4";

    private const string Counting = $"SELECT count(*) FROM (SELECT 1 FROM ({All}) h LIMIT $3) found";

    public async Task<Page<ConsistencyRow>> ListAsync(ConsistencyFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(List, filter, page.Offset, page.Size), Command(Counting, filter, PageRequest.CountLimit + 1L) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<ConsistencyRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Row(reader));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        return new Page<ConsistencyRow>(rows, Math.Min(total, PageRequest.CountLimit), total > PageRequest.CountLimit);
    }

    private static ConsistencyRow Row(NpgsqlDataReader reader) => new()
    {
        Job = reader.IsDBNull(0) ? null : reader.GetInt64(0),
        Run = reader.IsDBNull(1) ? null : reader.GetGuid(1),
        Kind = reader.GetString(2),
        IsPreview = reader.GetBoolean(3),
        Terminal = reader.IsDBNull(4) ? null : reader.GetString(4),
        Status = reader.GetString(5),
        At = reader.GetFieldValue<DateTimeOffset>(6),
        Actor = reader.IsDBNull(7) ? null : reader.GetString(7),
        Rows = reader.IsDBNull(8) ? null : reader.GetInt64(8),
        Error = reader.IsDBNull(9) ? null : reader.GetString(9),
    };

    private static NpgsqlBatchCommand Command(string sql, ConsistencyFilter filter, params ReadOnlySpan<long> limits)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var text in new[] { filter.Terminal, filter.Kind })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var limit in limits)
            command.Parameters.Add(new NpgsqlParameter { Value = limit });
        return command;
    }
}
