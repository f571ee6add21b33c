using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Views.Runs;

/// <summary>Reads <c>sync_log</c> page by page, the last run first. Counting stops at <see cref="PageRequest.CountLimit"/>, so that millions of runs open as fast as ten.</summary>
internal sealed class RunReader(NpgsqlDataSource central)
{
    // The log says of every run that it left open conflicts behind, whoever found them; of a run people want to know what it found.
    private const string Found = "(SELECT t.run_id FROM payflow.sync_log_tables t WHERE t.conflicts > 0)";

    private const string HasNoConflict = $"l.status = 'CONFLICT' AND l.id NOT IN {Found}";

    /// <summary>How a run <c>l</c> went: in conflict when it has found some itself.</summary>
    internal const string Status = $"CASE WHEN {HasNoConflict} THEN 'SYNCED' ELSE l.status END";

    /// <summary>Where <see cref="StatusIs"/> goes.</summary>
    private const string StatusMark = "STATUS_CONDITION";

    private const string Where = $"""
        ($1::text IS NULL OR l.terminal_id = $1) AND {StatusMark} AND ($3::text IS NULL OR l.sync_type = $3)
          AND ($4::text IS NULL OR EXISTS (SELECT FROM payflow.sync_log_tables t WHERE t.run_id = l.id AND t.table_name = $4))
          AND ($5::timestamptz IS NULL OR l.started_at >= $5) AND ($6::timestamptz IS NULL OR l.started_at < $6)
          AND ($7 OR l.records_count > 0 OR {Status} <> 'SYNCED')
        """;

    private const string List = $"""
        SELECT l.id, l.terminal_id, l.sync_type, l.direction, l.started_at, l.completed_at, {Status}, l.records_count, l.conflicts, l.failed, l.error_message, l.hint, l.host
        FROM payflow.sync_log l
        WHERE {Where}
        ORDER BY l.started_at DESC, l.id
        OFFSET $8 LIMIT $9
        """;

    private const string Counting = $"SELECT count(*) FROM (SELECT 1 FROM payflow.sync_log l WHERE {Where} LIMIT $8) found";

    /// <summary>A page of runs.</summary>
    public async Task<Page<RunRow>> ListAsync(RunFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        // A plan for these values: a general one would not use the index that fits.
        batch.BatchCommands.Add(Command(List, filter, page.Offset, page.Size));
        batch.BatchCommands.Add(Command(Counting, filter, PageRequest.CountLimit + 1L));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var runs = new List<RunRow>();
        while (await reader.ReadAsync(cancellationToken))
            runs.Add(Row(reader));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        return new Page<RunRow>(runs, Math.Min(total, PageRequest.CountLimit), total > PageRequest.CountLimit);
    }

    /// <summary>How many have come since an instant; at most 1,000 are counted.</summary>
    public async Task<long> CountSinceAsync(RunFilter filter, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(Counting, filter with { Since = since }, 1000));
        return await batch.ExecuteScalarAsync(cancellationToken) is long count ? count : 0;
    }

    /// <summary>All of them, one by one, for a file.</summary>
    public async IAsyncEnumerable<RunRow> StreamAsync(RunFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(List, filter, 0, long.MaxValue));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return Row(reader);
    }

    internal static RunRow Row(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Terminal = reader.IsDBNull(1) ? null : reader.GetString(1),
        Trigger = reader.GetString(2),
        Direction = reader.GetString(3),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(4),
        CompletedAt = reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
        Status = reader.GetString(6),
        Rows = reader.GetInt64(7),
        Conflicts = reader.GetInt64(8),
        Failed = reader.GetInt64(9),
        Error = reader.IsDBNull(10) ? null : reader.GetString(10),
        Hint = reader.IsDBNull(11) ? null : reader.GetString(11),
        Host = reader.IsDBNull(12) ? null : reader.GetString(12),
    };

    // Each in the form that an index answers: one condition for all of them would look at every run.
    private static string StatusIs(string? status) => status switch
    {
        null => "$2::text IS NULL",
        "CONFLICT" => $"l.status = $2 AND l.id IN {Found}",
        "SYNCED" => $"(l.status = $2 OR {HasNoConflict})",
        _ => "l.status = $2",
    };

    private static NpgsqlBatchCommand Command(string sql, RunFilter filter, params ReadOnlySpan<long> limits)
    {
        var command = new NpgsqlBatchCommand(sql.Replace(StatusMark, StatusIs(filter.Status), StringComparison.Ordinal));
        foreach (var text in new[] { filter.Terminal, filter.Status, filter.Trigger, filter.Table })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var at in new[] { filter.Since, filter.Until })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter { Value = filter.IncludesIdle });
        foreach (var limit in limits)
            command.Parameters.Add(new NpgsqlParameter { Value = limit });
        return command;
    }
}
