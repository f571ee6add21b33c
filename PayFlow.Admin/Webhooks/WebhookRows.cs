using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Webhooks;

/// <summary>Reads rows of <c>console.webhooks</c>, and gives a draft's fields to statements.</summary>
internal static class WebhookRows
{
    /// <summary>The columns that <see cref="Read"/> wants, in its order, of a table called w.</summary>
    public const string Columns = """
        w.id, w.name, w.url, w.events, w.terminals, w.tables, w.enabled, w.disabled_at, w.disabled_by, w.disabled_reason, w.failures, w.failing_since, w.delivered_at,
        CASE WHEN w.old_secret_until > now() THEN w.old_secret_until END, w.version, w.created_at, w.created_by, w.updated_at, w.updated_by
        """;

    public static WebhookRecord Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Draft = new WebhookDraft
        {
            Name = row.GetString(1),
            Url = row.GetString(2),
            Events = row.GetFieldValue<string[]>(3),
            Terminals = Optional<string[]>(row, 4),
            Tables = Optional<string[]>(row, 5),
        },
        IsEnabled = row.GetBoolean(6),
        DisabledAt = Optional<DateTimeOffset?>(row, 7),
        DisabledBy = Optional<string>(row, 8),
        DisabledReason = Optional<string>(row, 9),
        Failures = row.GetInt32(10),
        FailingSince = Optional<DateTimeOffset?>(row, 11),
        DeliveredAt = Optional<DateTimeOffset?>(row, 12),
        OldSecretUntil = Optional<DateTimeOffset?>(row, 13),
        Version = row.GetInt32(14),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(15),
        CreatedBy = row.GetString(16),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(17),
        UpdatedBy = row.GetString(18),
    };

    /// <summary>All rows of a statement.</summary>
    public static async Task<List<WebhookRecord>> ReadAllAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var webhooks = new List<WebhookRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            webhooks.Add(Read(reader));
        return webhooks;
    }

    /// <summary>$1 name, $2 address, $3 events, $4 terminals, $5 tables.</summary>
    public static void Add(NpgsqlCommand command, WebhookDraft draft)
    {
        command.Parameters.Add(new() { Value = draft.Name.Trim() });
        command.Parameters.Add(new() { Value = draft.Url.Trim() });
        command.Parameters.Add(new() { Value = draft.Events.Distinct().ToArray() });
        foreach (var list in new[] { draft.Terminals, draft.Tables })
            command.Parameters.Add(new() { Value = (object?)list?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
    }

    private static T? Optional<T>(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? default : row.GetFieldValue<T>(ordinal);
}
