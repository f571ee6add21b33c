using Npgsql;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Finds the table of settings by the search path, or creates it.</summary>
internal static class SettingsTableFinder
{
    private const string Columns = """
        SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname, format_type(a.atttypid, a.atttypmod),
               coalesce(b.typname, t.typname),
               CASE WHEN coalesce(b.typname, t.typname) IN ('varchar', 'bpchar') AND greatest(a.atttypmod, t.typtypmod) > 4 THEN greatest(a.atttypmod, t.typtypmod) - 4 END,
               (a.attnotnull OR t.typnotnull) AND NOT a.atthasdef AND t.typdefault IS NULL AND a.attidentity = '' AND a.attgenerated = '',
               EXISTS (SELECT FROM pg_index i
                        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
                          AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum),
               has_any_column_privilege(c.oid, 'SELECT') AND has_any_column_privilege(c.oid, 'INSERT') AND has_any_column_privilege(c.oid, 'UPDATE')
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_type b ON b.oid = t.typbasetype
         WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p')
         ORDER BY a.attnum
        """;

    /// <summary>The table of that name, created where there is none.</summary>
    /// <exception cref="SyncException">The table has another shape, or the role may not create or write it.</exception>
    public static async Task<SettingsTable> OpenAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var quoted = Quote(name);
        try
        {
            if (await FindAsync(connection, quoted, cancellationToken) is { } found)
                return found;
            await CreateAsync(connection, quoted, cancellationToken);
            return await FindAsync(connection, quoted, cancellationToken) ?? throw Misnamed(name, "it is there, but is no table");
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw Denied(connection, quoted, $"USAGE, CREATE ON SCHEMA {SchemaOf(quoted)}", e);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidSchemaName)
        {
            throw Misnamed(name, e.MessageText);
        }
    }

    private static async Task<SettingsTable?> FindAsync(NpgsqlConnection connection, string quoted, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Columns, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = quoted });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<SettingsColumn>();
        var full = quoted;
        var mayWrite = true;
        while (await reader.ReadAsync(cancellationToken))
        {
            full = reader.GetString(0);
            mayWrite = reader.GetBoolean(7);
            columns.Add(new SettingsColumn(
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                reader.GetBoolean(5),
                reader.GetBoolean(6)));
        }
        if (!mayWrite)
            throw Denied(connection, full, $"SELECT, INSERT, UPDATE ON {full}", null);
        return columns.Count == 0 ? null : SettingsTable.Adopt(full, columns);
    }

    /// <summary>Both statements are one implicit transaction, or part of the caller's: CREATE TABLE IF NOT EXISTS alone fails when two do it at once.</summary>
    private static async Task CreateAsync(NpgsqlConnection connection, string quoted, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT pg_advisory_xact_lock({AdvisoryKey.Settings});
            CREATE TABLE IF NOT EXISTS {quoted} (
                setting_key   text        NOT NULL PRIMARY KEY,
                setting_value text,
                updated_at    timestamptz NOT NULL DEFAULT now()
            );
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SyncException Denied(NpgsqlConnection connection, string quoted, string right, PostgresException? cause) =>
        new(
            SyncErrorCode.InvalidConfiguration,
            $"role {connection.UserName} may not {(cause is null ? "write" : "create")} table {quoted} of database {connection.Database}{(cause is null ? string.Empty : ": " + cause.MessageText)}",
            $"As its owner run: GRANT {right} TO {PostgresName.Quote(connection.UserName ?? string.Empty)}; or set {SettingsTable.Variable} to a table the role may write, such as payflow.system_settings.",
            cause)
        { Table = quoted };

    /// <summary>Without a schema in its name, a table is created in the first one of the search path: public, unless somebody changed it.</summary>
    private static string SchemaOf(string quoted)
    {
        var dot = quoted.IndexOf("\".\"", StringComparison.Ordinal);
        return dot > 0 ? quoted[..(dot + 1)] : "public";
    }

    private static SyncException Misnamed(string name, string reason) =>
        new(SyncErrorCode.InvalidConfiguration, $"{name} cannot keep PayFlow's checkpoints: {reason}", $"Set {SettingsTable.Variable} to the name of a table in an existing schema.") { Table = name };

    /// <summary><c>payflow.system_settings</c> becomes <c>"payflow"."system_settings"</c>.</summary>
    private static string Quote(string name)
    {
        var parts = name.Split('.', 2);
        return parts.All(p => p.Trim().Length > 0) ? string.Join('.', parts.Select(p => PostgresName.Quote(p.Trim()))) : throw Misnamed($"'{name}'", "it is no table name");
    }
}
