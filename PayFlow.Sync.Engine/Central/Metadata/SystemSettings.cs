using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>
/// The chain's own table of settings, where the checkpoints stand as <c>sync.checkpoint.&lt;direction&gt;.&lt;table&gt;</c>. A table that is there is used as it is,
/// whichever of the known shapes it has; one that is absent is created.
/// </summary>
public sealed class SystemSettings
{
    private readonly SettingsTable _table;
    private readonly string _key;
    private readonly string _value;
    private readonly string _write;

    private SystemSettings(SettingsTable table)
    {
        _table = table;
        _key = PostgresName.Quote(table.Key.Name);
        _value = PostgresName.Quote(table.Value.Name);
        _write = table.Key.IsSoleUniqueKey ? Upsert() : UpdateThenInsert();
    }

    /// <summary>Schema and table, quoted as PostgreSQL wants it.</summary>
    public string TableName => _table.QuotedName;

    /// <summary>JSON values read as their text, a JSON string without its quotes.</summary>
    private string ValueAsText => _table.Value.IsJson ? $"({_value} #>> '{{}}')" : $"{_value}::text";

    /// <summary>Finds <c>system_settings</c>, or the table that the environment variable <c>PAYFLOW_SETTINGS_TABLE</c> names, by the search path; creates it if absent.</summary>
    /// <exception cref="SyncException">The table has a shape that cannot be used, or the role may not create it.</exception>
    public static Task<SystemSettings> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        OpenAsync(connection, Environment.GetEnvironmentVariable(SettingsTable.Variable) is { Length: > 0 } name ? name : SettingsTable.DefaultName, cancellationToken);

    /// <summary>The same for the table of the given name, <c>schema.table</c> or <c>table</c>.</summary>
    /// <exception cref="SyncException">The table has a shape that cannot be used, or the role may not create it.</exception>
    public static async Task<SystemSettings> OpenAsync(NpgsqlConnection connection, string tableName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new SystemSettings(await SettingsTableFinder.OpenAsync(connection, tableName, cancellationToken));
    }

    /// <summary>One setting; null when it is absent or NULL.</summary>
    public async Task<string?> GetAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand($"SELECT {ValueAsText} FROM {TableName} WHERE {_key} = $1 LIMIT 1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = key, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>All settings whose key begins with <paramref name="prefix"/> and whose value is not NULL.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(NpgsqlConnection connection, string prefix, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {_key}::text, {ValueAsText} FROM {TableName} WHERE starts_with({_key}::text, $1) AND {ValueAsText} IS NOT NULL",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = prefix, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            settings[reader.GetString(0)] = reader.GetString(1);
        return settings;
    }

    /// <summary>Writes all of them in one round trip; a value that is already there is not written again. Several hosts may do it at once.</summary>
    /// <param name="connection">An open connection to central.</param>
    /// <param name="transaction">The transaction it becomes part of; null to have one of its own.</param>
    /// <param name="values">Key and value.</param>
    /// <param name="cancellationToken">Ends the statement; nothing is written then.</param>
    /// <exception cref="SyncException">The table refuses a value, because its column is too short, say.</exception>
    public async Task SetManyAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection, transaction);
        // A statement of its own: the next one must not see the table as it was before the lock.
        if (!_table.Key.IsSoleUniqueKey)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock({AdvisoryKey.Settings})"));
        var write = new NpgsqlBatchCommand(_write);
        write.Parameters.Add(Texts(values.Keys));
        write.Parameters.Add(Texts(values.Values));
        batch.BatchCommands.Add(write);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (IsRefusal(e))
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"table {TableName} refuses a setting of PayFlow's: {e.MessageText}",
                $"Correct the table or its rights, or set {SettingsTable.Variable} to the name of another one.",
                e)
            { Table = TableName };
        }
    }

    /// <summary>Data exceptions, constraint violations and missing rights; what passes by itself, such as a deadlock, stays what it is.</summary>
    private static bool IsRefusal(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.InsufficientPrivilege || e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>
    /// The rows in key order, so that two writers cannot wait for each other. Texts are left to the assignment's own conversion:
    /// an explicit cast to varchar(n) would cut what is too long, without a word.
    /// </summary>
    private string Given => $"""
        SELECT key, {(_table.Value.IsJson ? $"to_{_table.Value.BaseType}(value)" : "value")} AS value
          FROM unnest($1, $2) AS given (key, value)
         ORDER BY key
        """;

    private string InsertColumns => string.Join(", ", _table.Filled.Keys.Select(PostgresName.Quote).Prepend(_value).Prepend(_key));

    private string InsertValues => string.Join(", ", _table.Filled.Values.Prepend("g.value").Prepend("g.key"));

    private string Touch => _table.Touched is { } touched ? $", {PostgresName.Quote(touched.Key)} = {touched.Value}" : string.Empty;

    private string Upsert() => $"""
        INSERT INTO {TableName} AS s ({InsertColumns})
        SELECT {InsertValues} FROM ({Given}) g
        ON CONFLICT ({_key}) DO UPDATE SET {_value} = excluded.{_value}{Touch}
         WHERE s.{_value}::text IS DISTINCT FROM excluded.{_value}::text
        """;

    private string UpdateThenInsert() => $"""
        WITH g AS MATERIALIZED ({Given}), updated AS (
            UPDATE {TableName} AS s SET {_value} = g.value{Touch}
              FROM g
             WHERE s.{_key} = g.key AND s.{_value}::text IS DISTINCT FROM g.value::text
        )
        INSERT INTO {TableName} ({InsertColumns})
        SELECT {InsertValues} FROM g
         WHERE NOT EXISTS (SELECT FROM {TableName} s WHERE s.{_key} = g.key)
        """;
}
