using Npgsql;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Reads the conflicts that wait for a decision.</summary>
public sealed class ConflictList(NpgsqlDataSource central)
{
    private const string Open = """
        SELECT id, terminal_id, table_name, coalesce(key, local_key), kind, fields, detected_at
        FROM payflow.conflicts
        WHERE state = 'OPEN' AND ($1::text IS NULL OR terminal_id = $1)
        ORDER BY detected_at, id
        LIMIT $2
        """;

    /// <summary>The oldest open conflicts of a terminal, or of all when <paramref name="terminal"/> is null.</summary>
    public async Task<IReadOnlyList<OpenConflict>> ListOpenAsync(string? terminal, int limit, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(Open);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)terminal ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var conflicts = new List<OpenConflict>();
        while (await reader.ReadAsync(cancellationToken))
        {
            conflicts.Add(new OpenConflict(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetString(4), reader.GetFieldValue<string[]>(5), reader.GetFieldValue<DateTimeOffset>(6)));
        }
        return conflicts;
    }
}
