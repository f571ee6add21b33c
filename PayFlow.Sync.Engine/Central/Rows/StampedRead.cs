using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Rows;

/// <summary>
/// Finds changes by a timestamp column. A row's timestamp is older than its commit, so the reading stops short of the start of the oldest transaction that still runs,
/// and begins a little before where it ended last time, for clocks that differ. Reading a row twice is harmless.
/// </summary>
internal static class StampedRead
{
    /// <summary>How far clocks of writers may be apart.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    public static async Task<StampedPage> ReadAsync(NpgsqlConnection connection, PulledColumns columns, int tableNumber, string terminal, StampPosition after, int limit, CancellationToken cancellationToken)
    {
        var stamp = columns.Plan.CentralTimestamp!;
        var codec = ColumnCodecs.For(stamp);
        var column = $"t.{PostgresName.Quote(stamp.Name)}";
        var (since, now) = await HorizonAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(Sql(columns, codec, column, after), connection);
        columns.Bind(command);
        command.Parameters.Add(new("terminal", terminal));
        command.Parameters.Add(new("table", tableNumber));
        command.Parameters.Add(new("limit", limit));
        command.Parameters.Add(new("overlap", Overlap));
        command.Parameters.Add(new("since", since));
        command.Parameters.Add(new("now", now));
        if (after.Stamp is not null)
            command.Parameters.Add(new("stamp", NpgsqlDbType.Text) { Value = after.Stamp });
        if (after.Key is not null)
        {
            var parts = RowKey.Parse(after.Key, columns.Keys.Count);
            for (var i = 0; i < parts.Length; i++)
                command.Parameters.Add(new($"k{i}", NpgsqlDbType.Text) { Value = parts[i] });
        }
        return await ReadPageAsync(command, columns, after, limit, cancellationToken);
    }

    // now() of a transaction is its start, so nothing that still runs can commit a timestamp before the oldest start. A statement of its own, before the rows are read: in one with them
    // it would be looked at after their snapshot was taken, and a transaction that ends in between would be in neither.
    private static async Task<(DateTimeOffset Since, DateTimeOffset Now)> HorizonAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            SELECT least(min(xact_start), min(p.prepared), clock_timestamp()), clock_timestamp()
            FROM pg_stat_activity a FULL JOIN pg_prepared_xacts p ON false
            WHERE coalesce(a.datname, p.database) = current_database() AND a.pid IS DISTINCT FROM pg_backend_pid()
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    private static async Task<StampedPage> ReadPageAsync(NpgsqlCommand command, PulledColumns columns, StampPosition after, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<DownloadedRow>();
        var (read, size) = (0, 0L);
        var (next, safe, beyond) = (after, (StampPosition?)null, false);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (size < RowSize.Batch && await reader.ReadAsync(cancellationToken))
        {
            read++;
            var key = columns.Normalize(reader.GetString(3));
            next = new StampPosition(reader.GetString(0), key);
            beyond |= reader.GetBoolean(2);
            if (!beyond)
                safe = next;
            if (reader.GetBoolean(1))
                continue;
            rows.Add(new DownloadedRow(key, columns.Read(reader, 4)));
            size += RowSize.Of(rows[^1].Values);
        }
        // The last place without its key: the next run begins an overlap before it.
        var isLast = read < limit && size < RowSize.Batch;
        return new StampedPage(rows, next, isLast) { Checkpoint = isLast || beyond ? safe is { } end ? end with { Key = null } : null : safe }.Sealed();
    }

    private static string Sql(PulledColumns columns, ColumnCodec codec, string column, StampPosition after)
    {
        var keys = columns.Plan.CentralKey.Select(c => $"t.{PostgresName.Quote(c.Name)}").ToList();
        var order = string.Join(", ", keys.Prepend(column));
        var text = codec.KeyText(column);
        var from = after switch
        {
            { Stamp: null } => string.Empty,
            { Key: null } => $" AND {column} > {codec.KeyFromText("@stamp")} - @overlap",
            _ => $" AND ({order}) > ({codec.KeyFromText("@stamp")}, {string.Join(", ", columns.Keys.Select((k, i) => k.KeyFromText($"@k{i}")))})",
        };
        var zone = codec.Column.Logical == Tables.LogicalType.Timestamp ? " AT TIME ZONE 'UTC'" : string.Empty;
        // A timestamp in the future (a clock that is ahead) is read, again and again until its time has come, but never becomes the checkpoint: it would hide what is written today.
        return $"""
            SELECT {text}, EXISTS (SELECT 1 FROM payflow.echoes e WHERE e.terminal_id = @terminal AND e.table_id = @table AND e.key = {Merge.KeyTextSql.For(columns.Plan, columns.Keys, "t")} AND e.stamp = {text}),
              {column} >= (@since{zone}), {columns.Select}
            FROM {PostgresName.Quote(columns.Plan.Central)} t
            WHERE {column} IS NOT NULL AND ({column} < (@since{zone}) OR {column} > (@now{zone})) AND {columns.Filter}{from}
            ORDER BY {order}
            LIMIT @limit
            """;
    }
}
