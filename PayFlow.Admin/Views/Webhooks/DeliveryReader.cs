using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Views.Webhooks;

/// <summary>Reads the log of a webhook's deliveries, the latest first. Counting stops at <see cref="PageRequest.CountLimit"/>.</summary>
internal sealed class DeliveryReader(NpgsqlDataSource central)
{
    private const string Columns = "d.id, d.event_id, d.type, d.terminal_id, d.table_name, d.origin, d.state, d.attempt, d.due_at, d.created_at, d.created_by, d.finished_at, d.status, d.duration_ms, d.error, d.hint";

    // Written so that one condition is left of each, once the values are known, and the indexes of what is open and of what was given up can be used.
    private const string Where = """
        d.webhook_id = $1 AND ($2::text IS NULL OR $2 <> 'open' AND d.state = upper($2) OR $2 = 'open' AND d.finished_at IS NULL) AND ($3::text IS NULL OR d.type = $3) AND ($4::text IS NULL OR d.terminal_id = $4)
          AND ($5::text IS NULL OR d.table_name = $5) AND ($6::text IS NULL OR d.event_id = $6) AND ($7::timestamptz IS NULL OR d.created_at >= $7) AND ($8::timestamptz IS NULL OR d.created_at < $8)
        """;

    private const string List = $"SELECT {Columns} FROM console.webhook_deliveries d WHERE {Where} ORDER BY d.id DESC OFFSET $9 LIMIT $10";

    private const string Counting = $"SELECT count(*) FROM (SELECT 1 FROM console.webhook_deliveries d WHERE {Where} LIMIT $9) found";

    private const string One = $"SELECT {Columns}, d.body FROM console.webhook_deliveries d WHERE d.webhook_id = $1 AND d.id = $2";

    private const string Attempts = """
        SELECT attempt, at, host, duration_ms, request_headers::text, status, coalesce(response_headers, '{}')::text, response_body, is_cut, error, hint
        FROM console.webhook_attempts WHERE delivery_id = $2 AND EXISTS (SELECT FROM console.webhook_deliveries d WHERE d.webhook_id = $1 AND d.id = $2) ORDER BY attempt DESC
        """;

    public async Task<Page<DeliveryRow>> ListAsync(Guid webhook, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(List, webhook, filter, page.Offset, page.Size));
        batch.BatchCommands.Add(Command(Counting, webhook, filter, PageRequest.CountLimit + 1L));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<DeliveryRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Read(reader));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        return new Page<DeliveryRow>(rows, Math.Min(total, PageRequest.CountLimit), total > PageRequest.CountLimit);
    }

    /// <summary>One of a webhook's; null when there is none of that number, or no more.</summary>
    public async Task<DeliveryDetail?> FindAsync(Guid webhook, long id, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { One, Attempts })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = webhook }, new() { Value = id } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var (row, body) = (Read(reader), reader.GetString(reader.FieldCount - 1));
        await reader.NextResultAsync(cancellationToken);
        var attempts = new List<AttemptRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            attempts.Add(new(
                reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), TimeSpan.FromMilliseconds(reader.GetInt64(3)), Headers(reader.GetString(4)),
                Optional<int?>(reader, 5), Headers(reader.GetString(6)), Optional<string>(reader, 7), reader.GetBoolean(8), Optional<string>(reader, 9), Optional<string>(reader, 10)));
        }
        return new DeliveryDetail(row, body, attempts);
    }

    private static DeliveryRow Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        EventId = row.GetString(1),
        Type = row.GetString(2),
        Terminal = Optional<string>(row, 3),
        Table = Optional<string>(row, 4),
        Origin = row.GetString(5),
        State = row.GetString(6),
        Attempt = row.GetInt32(7),
        DueAt = row.GetFieldValue<DateTimeOffset>(8),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(9),
        CreatedBy = Optional<string>(row, 10),
        FinishedAt = Optional<DateTimeOffset?>(row, 11),
        Status = Optional<int?>(row, 12),
        Duration = Optional<long?>(row, 13) is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        Error = Optional<string>(row, 14),
        Hint = Optional<string>(row, 15),
    };

    private static Dictionary<string, string> Headers(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    private static T? Optional<T>(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? default : row.GetFieldValue<T>(ordinal);

    private static NpgsqlBatchCommand Command(string sql, Guid webhook, DeliveryFilter filter, params ReadOnlySpan<long> limits)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = webhook } } };
        foreach (var text in new[] { filter.State, filter.Type, filter.Terminal, filter.Table, filter.Event })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var at in new[] { filter.Since, filter.Until })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        foreach (var limit in limits)
            command.Parameters.Add(new NpgsqlParameter { Value = limit });
        return command;
    }
}
