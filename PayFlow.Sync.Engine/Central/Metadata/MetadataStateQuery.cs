using Npgsql;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Reads the <see cref="MetadataState"/> in one round trip, because every command of the program begins with it.</summary>
internal static class MetadataStateQuery
{
    private const string State = """
        SELECT ARRAY(SELECT "MigrationId"::text FROM payflow."__EFMigrationsHistory"), c.id IS NOT NULL, c.system_identifier, c.timeline,
        """;

    // The timeline of the next write, not that of the last checkpoint: right after a promotion the latter is still the old one.
    private const string Cluster = """
               (SELECT system_identifier FROM pg_control_system()), ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
        """;

    private const string From = " FROM (VALUES (1)) one LEFT JOIN payflow.central c ON c.singleton";

    /// <summary>The state; null when the schema is not there yet.</summary>
    public static async Task<MetadataState?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(connection, State + Cluster + From, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return null;
        }
        catch (PostgresException e) when (IsClusterHidden(e))
        {
            return await ReadAsync(connection, State + " NULL::bigint, NULL::int" + From, cancellationToken);
        }
    }

    /// <summary>Some hosted services keep the cluster's own functions from their customers.</summary>
    private static bool IsClusterHidden(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.FeatureNotSupported;

    private static async Task<MetadataState> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new MetadataState(reader.GetFieldValue<string[]>(0), reader.GetBoolean(1), Identity(reader, 2), Identity(reader, 4));
    }

    private static ClusterIdentity Identity(NpgsqlDataReader reader, int ordinal) =>
        new(reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal), reader.IsDBNull(ordinal + 1) ? null : reader.GetInt32(ordinal + 1));
}
