using Npgsql;
using PayFlow.Admin.Views.Consistency;

namespace PayFlow.Admin.Views.Overview;

/// <summary>Reads the overview in one round trip. Every figure comes from an index or from the few rows of the terminals, so that a million runs cost nothing.</summary>
internal sealed class OverviewReader(NpgsqlDataSource central)
{
    private const string Figures = """
        SELECT
          (SELECT count(*) FROM payflow.terminals WHERE state = 'active'),
          (SELECT count(*) FROM payflow.terminals WHERE state = 'active' AND last_run_id IS NULL),
          (SELECT completed_at FROM payflow.sync_log WHERE status IN ('SYNCED', 'CONFLICT', 'FAILED') AND error_message IS NULL AND completed_at IS NOT NULL ORDER BY started_at DESC LIMIT 1),
          (SELECT completed_at FROM payflow.sync_log WHERE records_count > 0 ORDER BY started_at DESC LIMIT 1),
          (SELECT count(*) FROM payflow.terminals t JOIN payflow.sync_log l ON l.id = t.last_run_id WHERE l.status = 'RUNNING'),
          (SELECT count(*) FROM payflow.conflicts WHERE state = 'OPEN'),
          coalesce((SELECT sum((queue ->> 'FAILED')::bigint) FROM payflow.terminals WHERE state = 'active'), 0),
          coalesce((SELECT sum(coalesce((queue ->> 'PENDING')::bigint, 0) + coalesce((queue ->> 'SYNCING')::bigint, 0)) FROM payflow.terminals WHERE state = 'active'), 0),
          coalesce((SELECT sum(waiting_rows) FROM payflow.terminals WHERE state = 'active'), 0),
          (SELECT count(*) FROM console.jobs WHERE state = 'FAILED'),
          (SELECT count(*) FROM console.jobs WHERE state = 'RETRYING'),
          (SELECT count(*) FROM console.schedules WHERE paused_at IS NULL),
          (SELECT count(*) FROM console.webhooks WHERE NOT enabled AND disabled_by IS NULL)
        """;

    private const string Broken = """
        SELECT t.id, l.id, coalesce(l.completed_at, l.started_at), l.error_message, l.hint
        FROM payflow.terminals t JOIN payflow.sync_log l ON l.id = t.last_run_id
        WHERE t.state = 'active' AND l.status = 'FAILED' AND l.error_message IS NOT NULL
        ORDER BY l.started_at DESC LIMIT 10
        """;

    // As many as a page can say.
    private const string Different = ProvenDifferences.Sql + " LIMIT 10";

    // Only of this database, and only those that have written: no other holds the log back.
    private const string Holding = """
        SELECT pid, xact_start, application_name, left(query, 200)
        FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND xact_start < now() - interval '1 minute'
        ORDER BY xact_start LIMIT 1
        """;

    private const string Hours = """
        SELECT h, coalesce(r.rows, 0), coalesce(r.runs, 0), coalesce(r.failures, 0), coalesce(c.conflicts, 0)
        FROM generate_series(date_trunc('hour', $1::timestamptz), $1::timestamptz + $2, $3) h
        LEFT JOIN (
          SELECT date_bin($3, started_at, date_trunc('hour', $1::timestamptz)) AS h, sum(records_count) AS rows, count(*) AS runs, count(*) FILTER (WHERE status = 'FAILED' AND error_message IS NOT NULL) AS failures
          FROM payflow.sync_log WHERE started_at >= date_trunc('hour', $1::timestamptz) GROUP BY 1) r USING (h)
        LEFT JOIN (
          SELECT date_bin($3, detected_at, date_trunc('hour', $1::timestamptz)) AS h, count(*) AS conflicts
          FROM payflow.conflicts WHERE detected_at >= date_trunc('hour', $1::timestamptz) GROUP BY 1) c USING (h)
        ORDER BY h
        """;

    private const string Lags = """
        SELECT t.id, t.name, s.completed_at, coalesce((t.queue ->> 'PENDING')::bigint, 0) + coalesce((t.queue ->> 'SYNCING')::bigint, 0)
        FROM payflow.terminals t
        LEFT JOIN LATERAL (
          SELECT completed_at FROM payflow.sync_log l WHERE l.terminal_id = t.id AND l.completed_at IS NOT NULL AND l.error_message IS NULL ORDER BY l.started_at DESC LIMIT 1) s ON true
        WHERE t.state = 'active'
        ORDER BY s.completed_at NULLS FIRST, t.id LIMIT 50
        """;

    /// <param name="since">Where the charts begin.</param>
    /// <param name="now">Where they end.</param>
    /// <param name="step">How long each of their points is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<OverviewState> ReadAsync(DateTimeOffset since, DateTimeOffset now, TimeSpan step, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { Figures, Broken, Holding, Lags, Different })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Hours) { Parameters = { new() { Value = since.ToUniversalTime() }, new() { Value = now - since }, new() { Value = step } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var state = ReadFigures(reader);
        var broken = await ListAsync(reader, r => new BrokenTerminal(r.GetString(0), r.GetGuid(1), r.GetFieldValue<DateTimeOffset>(2), Text(r, 3), Text(r, 4)), cancellationToken);
        var holding = await ListAsync(reader, r => new HeldBack(r.GetInt32(0), r.GetFieldValue<DateTimeOffset>(1), Text(r, 2), Text(r, 3)), cancellationToken);
        var lags = await ListAsync(reader, r => new TerminalLag(r.GetString(0), Text(r, 1), Instant(r, 2), r.GetInt64(3)), cancellationToken);
        var different = await ListAsync(reader, ProvenDifferences.Row, cancellationToken);
        var hours = await ListAsync(reader, r => new ActivityHour(r.GetFieldValue<DateTimeOffset>(0), (long)r.GetDecimal(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), cancellationToken);
        return state with { Broken = broken, HeldBack = holding.FirstOrDefault(), Lags = lags, Different = different, Hours = hours };
    }

    private static OverviewState ReadFigures(NpgsqlDataReader reader) => new()
    {
        Terminals = reader.GetInt64(0),
        NeverSynced = reader.GetInt64(1),
        LastRunAt = Instant(reader, 2),
        LastMovedAt = Instant(reader, 3),
        RunningRuns = reader.GetInt64(4),
        OpenConflicts = reader.GetInt64(5),
        FailedRows = (long)reader.GetDecimal(6),
        PendingRows = (long)reader.GetDecimal(7),
        WaitingForBootstrap = (long)reader.GetDecimal(8),
        FailedJobs = reader.GetInt64(9),
        RetryingJobs = reader.GetInt64(10),
        ActiveSchedules = reader.GetInt64(11),
        StoppedWebhooks = reader.GetInt64(12),
    };

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
