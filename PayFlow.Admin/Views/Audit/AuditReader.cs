using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Views.Audit;

/// <summary>Reads the audit, the latest first. Counting stops at <see cref="PageRequest.CountLimit"/>.</summary>
internal sealed class AuditReader(NpgsqlDataSource central)
{
    private const string Where = """
        ($1::text IS NULL OR a.actor = $1) AND ($2::text IS NULL OR a.action = $2 OR starts_with(a.action, $2 || '.')) AND ($3::text IS NULL OR a.terminal_id = $3)
          AND ($4::text IS NULL OR a.table_name = $4) AND ($5::text IS NULL OR a.key = $5) AND ($6::uuid IS NULL OR a.run_id = $6)
          AND ($7::timestamptz IS NULL OR a.at >= $7) AND ($8::timestamptz IS NULL OR a.at < $8)
        """;

    private const string List = $"""
        SELECT a.id, a.at, a.actor, a.action, a.terminal_id, a.table_name, a.key, a.run_id, a.detail::text
        FROM payflow.audit a WHERE {Where}
        ORDER BY a.at DESC, a.id DESC
        OFFSET $9 LIMIT $10
        """;

    private const string Counting = $"SELECT count(*) FROM (SELECT 1 FROM payflow.audit a WHERE {Where} LIMIT $9) found";

    /// <summary>A page of entries.</summary>
    public async Task<Page<AuditEntry>> ListAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(List, filter, page.Offset, page.Size));
        batch.BatchCommands.Add(Command(Counting, filter, PageRequest.CountLimit + 1L));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(Entry(reader));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        return new Page<AuditEntry>(entries, Math.Min(total, PageRequest.CountLimit), total > PageRequest.CountLimit);
    }

    /// <summary>All of them, one by one, for a file.</summary>
    public async IAsyncEnumerable<AuditEntry> StreamAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(List, filter, 0, long.MaxValue));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return Entry(reader);
    }

    private static AuditEntry Entry(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), Text(reader, 4), Text(reader, 5), Text(reader, 6), reader.IsDBNull(7) ? null : reader.GetGuid(7), reader.GetString(8));

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static NpgsqlBatchCommand Command(string sql, AuditFilter filter, params ReadOnlySpan<long> limits)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var text in new[] { filter.Actor, filter.Action, filter.Terminal, filter.Table, filter.Key })
            command.Parameters.Add(new NpgsqlParameter { Value = string.IsNullOrWhiteSpace(text) ? DBNull.Value : text.Trim(), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter.Run ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        foreach (var at in new[] { filter.Since, filter.Until })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        foreach (var limit in limits)
            command.Parameters.Add(new NpgsqlParameter { Value = limit });
        return command;
    }
}
