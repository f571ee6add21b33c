using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Reads the conflict queue: lists it page by page, counts it, and shows one conflict with all that a decision needs.</summary>
public sealed class ConflictDesk(NpgsqlDataSource central)
{
    private const string Where = """
        ($1::text IS NULL OR c.terminal_id = $1) AND ($2::text IS NULL OR c.table_name = $2) AND ($3::text IS NULL OR c.kind = $3)
          AND ($4::text IS NULL OR c.state = $4) AND ($5::timestamptz IS NULL OR c.detected_at >= $5)
        """;

    private const string Page = $"SELECT {ConflictColumns.Summary} FROM payflow.conflicts c WHERE {Where} AND c.id > $6 ORDER BY c.id LIMIT $7";

    private const string Counts = $"SELECT c.table_name, c.kind, count(*) FROM payflow.conflicts c WHERE {Where} GROUP BY 1, 2 ORDER BY 1, 2";

    // The same row's earlier conflicts, and what people did to it by hand.
    private const string Events = """
        SELECT at, what, who, detail FROM (
          SELECT o.detected_at AS at, 'detected' AS what, NULL AS who, '#' || o.id || ' ' || o.kind || coalesce(' of ' || nullif(array_to_string(o.fields, ', '), ''), '') AS detail
          FROM payflow.conflicts o WHERE o.terminal_id = $1 AND o.table_name = $2 AND o.local_key IS NOT DISTINCT FROM $3
          UNION ALL
          SELECT o.resolved_at, 'resolved', o.resolved_by, '#' || o.id || ' ' || coalesce(o.resolution, '') || coalesce(': ' || nullif(o.reason, ''), '')
          FROM payflow.conflicts o WHERE o.terminal_id = $1 AND o.table_name = $2 AND o.local_key IS NOT DISTINCT FROM $3 AND o.resolved_at IS NOT NULL
          UNION ALL
          SELECT o.delivered_at, 'delivered', NULL, '#' || o.id || ' to ' || o.terminal_id
          FROM payflow.conflicts o WHERE o.terminal_id = $1 AND o.table_name = $2 AND o.local_key IS NOT DISTINCT FROM $3 AND o.delivered_at IS NOT NULL
          UNION ALL
          SELECT a.at, a.action, a.actor, coalesce(a.detail ->> 'reason', '')
          FROM payflow.audit a WHERE a.table_name = $2 AND (a.key = $4 OR a.terminal_id = $1 AND a.key = $3) AND a.action NOT LIKE 'conflict.%') e
        ORDER BY at DESC, what DESC LIMIT 20
        """;

    /// <summary>Some conflicts behind a place, the oldest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">The last page's <see cref="ConflictPage.After"/>; null for the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ConflictPage> ListAsync(ConflictFilter filter, long? after = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Page);
        Bind(command, filter);
        command.Parameters.Add(new() { Value = after ?? 0 });
        command.Parameters.Add(new() { Value = (long)limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var conflicts = new List<Conflict>();
        while (await reader.ReadAsync(cancellationToken))
            conflicts.Add(ConflictColumns.ReadSummary(reader));
        if (conflicts.Count <= limit)
            return new ConflictPage(conflicts, null);
        conflicts.RemoveAt(limit);
        return new ConflictPage(conflicts, conflicts[^1].Id);
    }

    /// <summary>How many there are, by table and kind.</summary>
    public async Task<IReadOnlyList<ConflictCount>> CountAsync(ConflictFilter filter, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Counts);
        Bind(command, filter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new List<ConflictCount>();
        while (await reader.ReadAsync(cancellationToken))
            counts.Add(new ConflictCount(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return counts;
    }

    /// <summary>One conflict: its images, central's row as it is now, and what happened to it.</summary>
    /// <exception cref="SyncException">There is none of that number.</exception>
    public async Task<ConflictDetail> ShowAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var conflict = await ConflictStore.ReadAsync(connection, id, isLocked: false, cancellationToken);
        var (now, unknown) = await NowAsync(connection, conflict, cancellationToken);
        return conflict with { NowRow = now, NowUnknown = unknown, History = await HistoryAsync(connection, conflict, cancellationToken) };
    }

    private async Task<(IReadOnlyDictionary<string, CellValue>? Row, string? Unknown)> NowAsync(NpgsqlConnection connection, Conflict conflict, CancellationToken cancellationToken)
    {
        try
        {
            var table = ConflictTable.Of(await CentralPlan.LoadStoredAsync(central, connection, conflict.Terminal, cancellationToken), conflict);
            var values = await table.ReadAsync(connection, conflict, isLocked: false, cancellationToken);
            return (values is null ? null : ConflictImage.Of(table.Plan, values), null);
        }
        catch (SyncException e) when (!e.IsTransient)
        {
            // The table has left the map, or does not fit any more: the record can be read all the same.
            return (null, e.Message);
        }
    }

    private static async Task<List<ConflictEvent>> HistoryAsync(NpgsqlConnection connection, Conflict conflict, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Events, connection);
        foreach (var text in new[] { conflict.Terminal, conflict.Table, conflict.LocalKey, conflict.Key })
            command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<ConflictEvent>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add(new ConflictEvent(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3)));
        return events;
    }

    private static void Bind(NpgsqlCommand command, ConflictFilter filter)
    {
        foreach (var text in new[] { filter.Terminal, filter.Table, filter.Kind, filter.State?.ToString().ToUpperInvariant() })
            command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)filter.Since?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
    }
}
