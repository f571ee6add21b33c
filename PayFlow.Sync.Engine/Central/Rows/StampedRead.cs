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
        await using var command = new NpgsqlCommand(Sql(columns, codec, column, after), connection);
        columns.Bind(command);
        command.Parameters.Add(new("terminal", terminal));
        command.Parameters.Add(new("table", tableNumber));
        command.Parameters.Add(new("limit", limit));
        command.Parameters.Add(new("overlap", Overlap));
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

    private static async Task<StampedPage> ReadPageAsync(NpgsqlCommand command, PulledColumns columns, StampPosition after, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<DownloadedRow>();
        var read = 0;
        var next = after;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            read++;
            var key = columns.Normalize(reader.GetString(2));
            next = new StampPosition(reader.GetString(0), key);
            if (!reader.GetBoolean(1))
                rows.Add(new DownloadedRow(key, columns.Read(reader, 3)));
        }
        // The page's last place without its key: the next run begins an overlap before it.
        return read == limit ? new StampedPage(rows, next, IsLast: false) : new StampedPage(rows, next with { Key = null }, IsLast: true);
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
        // now() of a transaction is its start, so nothing that still runs can commit a timestamp before the oldest start.
        return $"""
            WITH running AS (
              SELECT min(xact_start) AS since FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL)
            SELECT {text}, EXISTS (SELECT 1 FROM payflow.echoes e WHERE e.terminal_id = @terminal AND e.table_id = @table AND e.key = {Merge.KeyTextSql.For(columns.Plan, columns.Keys, "t")} AND e.stamp = {text}), {columns.Select}
            FROM {PostgresName.Quote(columns.Plan.Central)} t, running
            WHERE {column} IS NOT NULL AND (running.since IS NULL OR {column} < (running.since{(codec.Column.Logical == Tables.LogicalType.Timestamp ? " AT TIME ZONE 'UTC'" : string.Empty)})) AND {columns.Filter}{from}
            ORDER BY {order}
            LIMIT @limit
            """;
    }
}
