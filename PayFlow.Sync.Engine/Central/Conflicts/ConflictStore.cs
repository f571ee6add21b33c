using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>One row of <c>payflow.conflicts</c>, read and written.</summary>
internal static class ConflictStore
{
    private const string One = $"SELECT {ConflictColumns.Detail} FROM payflow.conflicts c WHERE c.id = $1";

    private const string RefreshSql = "UPDATE payflow.conflicts SET central = $2, kind = $3, fields = $4, version = version + 1, updated_at = now() WHERE id = $1";

    private const string CloseSql = """
        UPDATE payflow.conflicts SET state = 'RESOLVED', resolution = $2, resolved = $3, resolved_at = now(), resolved_by = $4, reason = $5, key = coalesce($6, key)
        WHERE id = $1
        """;

    /// <param name="connection">Central.</param>
    /// <param name="id">Its number.</param>
    /// <param name="isLocked">Nobody else changes it until the transaction ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">There is none of that number.</exception>
    public static async Task<ConflictDetail> ReadAsync(NpgsqlConnection connection, long id, bool isLocked, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(isLocked ? One + " FOR UPDATE" : One, connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? ConflictColumns.ReadDetail(reader)
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no conflict {id}", "payflow conflicts list shows those that there are.");
    }

    /// <summary>Records central's row as it is now, as another version of the conflict.</summary>
    public static async Task RefreshAsync(NpgsqlConnection connection, long id, IReadOnlyDictionary<string, CellValue>? central, string kind, IReadOnlyList<string> fields, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RefreshSql, connection)
        {
            Parameters = { new() { Value = id }, Json(central), new() { Value = kind }, new() { Value = fields.ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes down the decision.</summary>
    public static async Task CloseAsync(NpgsqlConnection connection, ConflictDetail conflict, string resolution, IReadOnlyDictionary<string, CellValue>? resolved, string? serverKey, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CloseSql, connection)
        {
            Parameters = { new() { Value = conflict.Id }, new() { Value = resolution }, Json(resolved), new() { Value = actor }, Text(reason), Text(serverKey) },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Json(IReadOnlyDictionary<string, CellValue>? image) =>
        new() { Value = image is null ? DBNull.Value : ConflictImage.Write(image), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
