using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Rows;

/// <summary>
/// Rows by keys out of a terminal's file: its column may hold what central's type cannot (a word where central has a uuid), and such a row is nowhere in central.
/// To be called outside of a transaction, because PostgreSQL says so by an error.
/// </summary>
internal static class TerminalKeyFetch
{
    public static async Task<List<DownloadedRow>> ReadAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, columns, keys, long.MaxValue, cancellationToken))!;

    /// <summary>The rows of the first of these keys: of as many as may travel together, at least one.</summary>
    public static async Task<List<DownloadedRow>> ReadPieceAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        while (keys.Count > 1)
        {
            if (await ReadAsync(connection, columns, keys, RowSize.Piece, cancellationToken) is { } rows)
                return rows;
            keys = [.. keys.Take(keys.Count / 2)];
        }
        return await ReadAsync(connection, columns, keys, cancellationToken);
    }

    private static async Task<List<DownloadedRow>?> ReadAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, long most, CancellationToken cancellationToken)
    {
        try
        {
            return await RowFetch.ReadAsync(connection, columns, keys, most, cancellationToken);
        }
        catch (PostgresException e) when (IsOfAValue(e))
        {
            var possible = new HashSet<string>(StringComparer.Ordinal);
            await FindPossibleAsync(connection, columns, keys, possible, cancellationToken);
            // Not for the keys' sake (the terminal's filter, say): no row must be taken for one that is gone.
            if (keys.All(possible.Contains))
                throw;
            var rows = (await RowFetch.ReadAsync(connection, columns, [.. keys.Where(possible.Contains)], most, cancellationToken))?.ToDictionary(r => r.Key, r => r.Values, StringComparer.Ordinal);
            return rows is null ? null : [.. keys.Select(k => new DownloadedRow(k, rows.GetValueOrDefault(k)))];
        }
    }

    private static async Task FindPossibleAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, HashSet<string> possible, CancellationToken cancellationToken)
    {
        if (await ArePossibleAsync(connection, columns, keys, cancellationToken))
        {
            possible.UnionWith(keys);
        }
        else if (keys.Count > 1)
        {
            await FindPossibleAsync(connection, columns, [.. keys.Take(keys.Count / 2)], possible, cancellationToken);
            await FindPossibleAsync(connection, columns, [.. keys.Skip(keys.Count / 2)], possible, cancellationToken);
        }
    }

    private static async Task<bool> ArePossibleAsync(NpgsqlConnection connection, PulledColumns columns, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var parts = keys.Select(k => RowKey.Parse(k, columns.Keys.Count)).ToList();
        var names = columns.Keys.Select((_, i) => $"k{i}").ToList();
        await using var command = new NpgsqlCommand($"""
            SELECT {string.Join(", ", columns.Keys.Select((c, i) => $"count({c.KeyFromText($"k.k{i}")})"))}
            FROM unnest({string.Join(", ", names.Select(n => "@" + n))}) AS k ({string.Join(", ", names)})
            """, connection);
        for (var i = 0; i < names.Count; i++)
            command.Parameters.Add(new NpgsqlParameter(names[i], NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = parts.Select(p => p[i]).ToArray() });
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException e) when (IsOfAValue(e))
        {
            return false;
        }
    }

    // A data exception, or a domain's check.
    private static bool IsOfAValue(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState == PostgresErrorCodes.CheckViolation;
}
