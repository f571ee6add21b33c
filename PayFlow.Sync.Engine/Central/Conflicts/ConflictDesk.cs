using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Reads the conflict queue: lists it page by page, counts it, and shows one conflict with all that a decision needs.</summary>
public sealed class ConflictDesk(NpgsqlDataSource central)
{
    private const string Where = """
        ($1::text IS NULL OR c.terminal_id = $1) AND ($2::text IS NULL OR c.table_name = $2) AND ($3::text IS NULL OR c.kind = $3)
          AND ($4::text IS NULL OR c.state = $4) AND ($5::timestamptz IS NULL OR c.detected_at >= $5)
          AND ($6::text IS NULL OR starts_with(c.key, $6) OR starts_with(c.local_key, $6)) AND ($7::bigint[] IS NULL OR c.id = ANY ($7))
        """;

    private const string Page = $"SELECT {ConflictColumns.Summary} FROM payflow.conflicts c WHERE {Where} AND c.id > $8 ORDER BY c.id LIMIT $9";

    private const string Part = $"SELECT {ConflictColumns.Summary} FROM payflow.conflicts c WHERE {Where} ORDER BY c.id";

    // The conflicts on either side of one, in the order in which they were found.
    private const string Around = $"""
        SELECT (SELECT c.id FROM payflow.conflicts c WHERE {Where} AND c.id < $8 ORDER BY c.id DESC LIMIT 1), (SELECT c.id FROM payflow.conflicts c WHERE {Where} AND c.id > $8 ORDER BY c.id LIMIT 1)
        """;

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

    /// <summary>A part of the list by its place in it, as pages with numbers want it; <see cref="ListAsync"/> is faster far behind.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="offset">How many come before.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="isNewestFirst">The other way round.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Conflict>> ReadPartAsync(ConflictFilter filter, long offset, int limit, bool isNewestFirst, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand($"{Part}{(isNewestFirst ? " DESC" : string.Empty)} OFFSET $8 LIMIT $9");
        Bind(command, filter);
        command.Parameters.Add(new() { Value = offset });
        command.Parameters.Add(new() { Value = (long)limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var conflicts = new List<Conflict>();
        while (await reader.ReadAsync(cancellationToken))
            conflicts.Add(ConflictColumns.ReadSummary(reader));
        return conflicts;
    }

    /// <summary>The next older and the next newer of a filter's conflicts beside one; null where there is none.</summary>
    public async Task<(long? Older, long? Newer)> FindNeighboursAsync(ConflictFilter filter, long id, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Around);
        Bind(command, filter);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
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

    /// <summary>How many there are, counted up to a limit: of a long history nobody wants to wait for more.</summary>
    public async Task<long> CountUpToAsync(ConflictFilter filter, long limit, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand($"SELECT count(*) FROM (SELECT 1 FROM payflow.conflicts c WHERE {Where} LIMIT $8) found");
        Bind(command, filter);
        command.Parameters.Add(new() { Value = limit });
        return await command.ExecuteScalarAsync(cancellationToken) is long count ? count : 0;
    }

    /// <summary>One conflict: its images, central's row as it is now, and what happened to it.</summary>
    /// <exception cref="SyncException">There is none of that number.</exception>
    public async Task<ConflictDetail> ShowAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var conflict = await ConflictStore.ReadAsync(connection, id, isLocked: false, cancellationToken);
        var (now, columns, unknown) = await NowAsync(connection, conflict, cancellationToken);
        return conflict with { NowRow = now, NowUnknown = unknown, Columns = columns, History = await HistoryAsync(connection, conflict, cancellationToken) };
    }

    /// <summary>The same, as the conflict's own terminal may see it from afar: without rows of central that do not travel to it.</summary>
    /// <exception cref="SyncException">There is none of that number.</exception>
    public async Task<ConflictDetail> ShowToTerminalAsync(long id, CancellationToken cancellationToken = default)
    {
        var conflict = await ShowAsync(id, cancellationToken);
        // Where nobody can tell what its table is, nobody can tell whose row it is.
        if (conflict.NowUnknown is not null)
            return ConflictSight.Narrow(conflict, isFree: false);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var table = ConflictTable.Of(await CentralPlan.LoadStoredAsync(connection, conflict.Terminal, cancellationToken, isRemote: true), conflict);
        return ConflictSight.Narrow(conflict, await ConflictSight.IsFreeAsync(connection, table, conflict, cancellationToken));
    }

    /// <summary>Reads texts that somebody typed as values of a conflict's columns, and says of each that is none why it is not; nothing is changed.</summary>
    /// <param name="id">The conflict's number.</param>
    /// <param name="texts">By the terminal's column names; null for NULL. Columns that cannot be decided are faults, too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">There is no such conflict, or its table is not synced any more.</exception>
    public async Task<IReadOnlyDictionary<string, TypedField>> ReadTypedAsync(long id, IReadOnlyDictionary<string, string?> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var conflict = await ConflictStore.ReadAsync(connection, id, isLocked: false, cancellationToken);
        var table = ConflictTable.Of(await CentralPlan.LoadStoredAsync(connection, conflict.Terminal, cancellationToken), conflict);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var fields = new Dictionary<string, TypedField>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in texts)
            fields[name] = await TypedValues.ReadAsync(connection, table.Plan, name, text, cancellationToken);
        return fields;
    }

    private static async Task<(IReadOnlyDictionary<string, CellValue>? Row, IReadOnlyList<RowColumn> Columns, string? Unknown)> NowAsync(NpgsqlConnection connection, Conflict conflict, CancellationToken cancellationToken)
    {
        try
        {
            var table = ConflictTable.Of(await CentralPlan.LoadStoredAsync(connection, conflict.Terminal, cancellationToken), conflict);
            var values = await table.ReadAsync(connection, conflict, isLocked: false, cancellationToken);
            return (values is null ? null : ConflictImage.Of(table.Plan, values), [.. table.Plan.Columns.Select(RowColumn.Of)], null);
        }
        catch (SyncException e) when (!e.IsTransient)
        {
            // The table has left the map, or does not fit any more: the record can be read all the same.
            return (null, [], e.Message);
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
        command.Parameters.Add(new() { Value = (object?)filter.KeyPrefix ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)filter.Ids?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
    }
}
