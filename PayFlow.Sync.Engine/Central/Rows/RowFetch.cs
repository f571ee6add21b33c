using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Rows;

/// <summary>Reads rows by key, as they are now; a key whose row is gone, or hidden by the terminal's filter, comes back without values.</summary>
internal static class RowFetch
{
    public static async Task<List<DownloadedRow>> ReadAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, columns, keys, long.MaxValue, cancellationToken))!;

    /// <summary>The same; null when the rows weigh more than that (<see cref="RowSize"/>), and no more of them is kept.</summary>
    public static async Task<List<DownloadedRow>?> ReadAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, long most, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(Sql(columns), connection);
        BindKeys(command, columns, keys);
        columns.Bind(command);
        var found = new Dictionary<string, CellValue[]>(keys.Count, StringComparer.Ordinal);
        var size = 0L;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var values = columns.Read(reader, 1);
                size += RowSize.Of(values);
                if (size > most)
                    return null;
                found[columns.Normalize(reader.GetString(0))] = values;
            }
        }
        return [.. keys.Select(k => new DownloadedRow(k, found.GetValueOrDefault(k)))];
    }

    private static string Sql(PulledColumns columns)
    {
        var key = columns.Plan.CentralKey;
        var names = string.Join(", ", key.Select((_, i) => $"k{i}"));
        var join = string.Join(" AND ", key.Select((c, i) => $"t.{PostgresName.Quote(c.Name)} = {columns.Keys[i].KeyFromText($"k.k{i}")}"));
        return $"""
            SELECT {columns.Select}
            FROM unnest({string.Join(", ", key.Select((_, i) => $"@k{i}"))}) AS k ({names})
            JOIN {PostgresName.Quote(columns.Plan.Central)} t ON {join}
            WHERE {columns.Filter}
            """;
    }

    private static void BindKeys(NpgsqlCommand command, PulledColumns columns, IReadOnlyList<string> keys)
    {
        var count = columns.Plan.CentralKey.Count;
        var parts = keys.Select(k => RowKey.Parse(k, count)).ToList();
        for (var i = 0; i < count; i++)
            command.Parameters.Add(new NpgsqlParameter($"k{i}", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = parts.Select(p => p[i]).ToArray() });
    }
}
