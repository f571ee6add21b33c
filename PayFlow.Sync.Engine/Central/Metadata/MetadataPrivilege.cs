using Npgsql;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Turns "permission denied" into the statement that the database's owner has to run.</summary>
internal static class MetadataPrivilege
{
    private const string Rights = """
        SELECT quote_ident(current_user), quote_ident(current_database()), s.oid IS NOT NULL,
               coalesce(has_schema_privilege(s.oid, 'USAGE'), false), coalesce(has_schema_privilege(s.oid, 'CREATE'), false), pg_get_userbyid(s.nspowner)
          FROM (VALUES (1)) one LEFT JOIN pg_namespace s ON s.nspname = 'payflow'
        """;

    public static async Task<SyncException> ExplainAsync(NpgsqlConnection connection, PostgresException cause, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Rights, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var role = reader.GetString(0);
        var database = reader.GetString(1);
        if (!reader.GetBoolean(2))
            return Denied($"role {role} may not create the schema payflow in database {database}", $"GRANT CREATE ON DATABASE {database} TO {role};", cause);
        var owner = reader.GetString(5);
        if (!reader.GetBoolean(3) || !reader.GetBoolean(4))
            return Denied($"role {role} may not use the schema payflow of {owner} in database {database}", $"GRANT USAGE, CREATE ON SCHEMA payflow TO {role}; {TableGrant(role)}", cause);
        return Denied($"role {role} may not use the tables of {owner} in the schema payflow of database {database}: {cause.MessageText}", TableGrant(role), cause);
    }

    private static string TableGrant(string role) => $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA payflow TO {role};";

    private static SyncException Denied(string message, string grant, Exception cause) =>
        new(SyncErrorCode.InvalidConfiguration, message, $"As the owner of the database run: {grant}", cause);
}
