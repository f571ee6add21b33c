using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Webhooks.Watching;

/// <summary>
/// Tells of changed rows out of the change log, a sum for each table and origin, never past a commit that has not happened yet. The place in the log moves in the transaction that makes the events, so that none is lost or made twice.
/// </summary>
internal static class ChangedRows
{
    /// <summary>Keys that an event names.</summary>
    public const int Keys = 100;

    private const int Entries = 20_000;

    private const string Begin = $"""
        INSERT INTO console.webhook_cursor (generation, xid, id)
        SELECT c.generation, ({LogHorizon.Sql}), 0 FROM payflow.central c
        WHERE EXISTS (SELECT FROM console.webhooks w WHERE w.enabled AND '{WebhookEvent.RowsChanged}' = ANY (w.events))
        ON CONFLICT DO NOTHING
        """;

    private const string Find = "SELECT generation, xid, id FROM console.webhook_cursor";

    // One row at least, so that an empty log still says whether it was pruned.
    private const string Read = $"""
        SELECT n.is_cut, n.pruned_generation, n.pruned_xid, n.pruned_id, e.generation, e.xid, e.id, t.schema_name, t.table_name, e.op::text, e.key, e.origin, e.logged_at
        FROM (
          SELECT c.generation, ({LogHorizon.Sql}) AS horizon, c.pruned_generation, c.pruned_xid, c.pruned_id, (c.pruned_generation, c.pruned_xid, c.pruned_id) > ($1, $2, $3) AS is_cut
          FROM payflow.central c) n
        LEFT JOIN LATERAL (
          SELECT * FROM payflow.change_log l
          WHERE (l.generation, l.xid, l.id) > ($1, $2, $3) AND (l.generation < n.generation OR l.xid < n.horizon)
          ORDER BY l.generation, l.xid, l.id LIMIT $4) e ON true
        LEFT JOIN payflow.captured_tables t ON t.id = e.table_id
        ORDER BY e.generation, e.xid, e.id
        """;

    private const string Move = "UPDATE console.webhook_cursor SET generation = $1, xid = $2, id = $3, moved_at = now()";

    // So that the log is not pruned behind a place that only has nothing to tell.
    private const string Touch = "UPDATE console.webhook_cursor SET moved_at = now() WHERE moved_at < now() - interval '1 hour'";

    /// <summary>Begins at what can be read now, if a webhook wants it and none did before. In the transaction of whoever makes it want.</summary>
    public static async Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Begin, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Nobody wants it any more: the log need not wait.</summary>
    public static async Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("DELETE FROM console.webhook_cursor", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Tells of what came since.</summary>
    /// <param name="connection">Central, in a transaction that holds the watch's lock.</param>
    /// <param name="nameOf">What the map calls a table of central.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends it; nothing was told then.</param>
    /// <returns>Whether there is more to tell at once.</returns>
    public static async Task<bool> TellAsync(NpgsqlConnection connection, Func<string, string, string> nameOf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await PlaceAsync(connection, cancellationToken) is not { } place)
        {
            await BeginAsync(connection, cancellationToken);
            return false;
        }
        var (changes, pruned) = await ReadAsync(connection, place, nameOf, cancellationToken);
        if (pruned is { } border)
            await WebhookEmission.ExecuteAsync(connection, WebhookEvent.RowsChanged, $"gap {Fact(border)}", null, null, now, new { rows = 0, inserted = 0, updated = 0, deleted = 0, keys = Array.Empty<string>(), isComplete = false, isTruncated = false, isGap = true }, cancellationToken);
        foreach (var group in changes.GroupBy(c => (c.Table, c.Origin)))
            await TellAsync(connection, [.. group], cancellationToken);
        await MoveAsync(connection, changes.Count > 0 ? changes[^1].Position : pruned, cancellationToken);
        return changes.Count == Entries;
    }

    private static Task TellAsync(NpgsqlConnection connection, List<ChangedRow> changes, CancellationToken cancellationToken)
    {
        var keys = changes.Where(c => c.Key is not null).Select(c => c.Key!).Distinct(StringComparer.Ordinal).ToList();
        long Count(char op) => changes.LongCount(c => c.Op == op);
        var data = new
        {
            rows = keys.Count,
            inserted = Count('I'),
            updated = Count('U'),
            deleted = Count('D'),
            keys = keys.Take(Keys),
            // A table that was emptied, or that is to be read as a whole, has changed in rows that nobody names.
            isComplete = keys.Count <= Keys && Count('T') + Count('R') == 0,
            isTruncated = Count('T') > 0,
            isGap = false,
        };
        return WebhookEmission.ExecuteAsync(connection, WebhookEvent.RowsChanged, $"{changes[0].Table} {changes[0].Origin} {Fact(changes[^1].Position)}", changes[0].Origin, changes[0].Table, changes.Max(c => c.At), data, cancellationToken);
    }

    private static string Fact(LogPosition place) => string.Create(CultureInfo.InvariantCulture, $"{place.Generation}.{place.Transaction}.{place.Entry}");

    private static async Task<LogPosition?> PlaceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new LogPosition(reader.GetInt32(0), (long)reader.GetFieldValue<ulong>(1), reader.GetInt64(2)) : null;
    }

    private static async Task<(List<ChangedRow> Changes, LogPosition? Pruned)> ReadAsync(NpgsqlConnection connection, LogPosition after, Func<string, string, string> nameOf, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection)
        {
            Parameters = { new() { Value = after.Generation }, new() { Value = (ulong)after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 }, new() { Value = after.Entry }, new() { Value = Entries } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<ChangedRow>();
        LogPosition? pruned = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(0))
                pruned = new LogPosition(reader.GetInt32(1), (long)reader.GetFieldValue<ulong>(2), reader.GetInt64(3));
            if (reader.IsDBNull(4))
                break;
            var table = reader.IsDBNull(7) ? "?" : nameOf(reader.GetString(7), reader.GetString(8));
            changes.Add(new(
                new LogPosition(reader.GetInt32(4), (long)reader.GetFieldValue<ulong>(5), reader.GetInt64(6)), table, reader.GetString(9)[0], reader.IsDBNull(10) ? null : reader.GetString(10), reader.IsDBNull(11) ? null : reader.GetString(11), reader.GetFieldValue<DateTimeOffset>(12)));
        }
        return (changes, pruned);
    }

    private static async Task MoveAsync(NpgsqlConnection connection, LogPosition? to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(to is null ? Touch : Move, connection);
        if (to is { } place)
        {
            command.Parameters.Add(new() { Value = place.Generation });
            command.Parameters.Add(new() { Value = (ulong)place.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 });
            command.Parameters.Add(new() { Value = place.Entry });
        }
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private readonly record struct ChangedRow(LogPosition Position, string Table, char Op, string? Key, string? Origin, DateTimeOffset At);
}
