using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Keeps the table map in central, one row per entry, under a version that grows with each change.</summary>
public sealed class TableMapStore(NpgsqlDataSource central)
{
    // One statement, so that entries and version are of one snapshot.
    private const string Select = """
        SELECT c.map_version, m.name, m.entry::text
          FROM payflow.central c LEFT JOIN payflow.table_map m ON true
         ORDER BY m.ordinal
        """;

    private const string Lock = "SELECT map_version FROM payflow.central FOR UPDATE";

    private const string Delete = "DELETE FROM payflow.table_map WHERE name <> ALL ($1)";

    private const string Upsert = """
        INSERT INTO payflow.table_map AS m (name, ordinal, entry)
        SELECT name, ordinal, entry FROM unnest($1, $2::jsonb[]) WITH ORDINALITY AS given (name, entry, ordinal)
        ON CONFLICT (name) DO UPDATE SET ordinal = excluded.ordinal, entry = excluded.entry, updated_at = now()
         WHERE (m.ordinal, m.entry) IS DISTINCT FROM (excluded.ordinal, excluded.entry)
        """;

    private const string Bump = "UPDATE payflow.central SET map_version = map_version + 1 RETURNING map_version";

    /// <summary>The map and its version; an empty map with version 0 when none was saved yet.</summary>
    /// <exception cref="SyncException">An entry was made unreadable by hand.</exception>
    public async Task<StoredTableMap> LoadAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        return await LoadAsync(connection, cancellationToken);
    }

    /// <summary>The same on a connection that the caller has already: whoever waits for a second one while holding the first can wait for ever, when many do.</summary>
    /// <inheritdoc cref="LoadAsync(CancellationToken)"/>
    public static async Task<StoredTableMap> LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<TableMapEntry>();
        var version = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            version = reader.GetInt64(0);
            if (!reader.IsDBNull(1))
                entries.Add(Parse(reader.GetString(1), reader.GetString(2)));
        }
        return new StoredTableMap(new TableMap(entries), version);
    }

    /// <inheritdoc cref="SaveAsync(TableMap, long?, Func{NpgsqlConnection, Task}?, CancellationToken)"/>
    public Task<long> SaveAsync(TableMap map, long? expectedVersion = null, CancellationToken cancellationToken = default) => SaveAsync(map, expectedVersion, null, cancellationToken);

    /// <summary>Replaces the whole map, in one transaction, and gives back its version, which stays when nothing differs.</summary>
    /// <param name="map">The map; it is not validated here.</param>
    /// <param name="expectedVersion">The version that the caller edited; null to overwrite whatever is there.</param>
    /// <param name="alongside">What else belongs into the transaction, such as the audit; may be null.</param>
    /// <param name="cancellationToken">Ends the save; nothing is changed then.</param>
    /// <exception cref="SyncException">Somebody else saved the map since, or it names a table twice.</exception>
    public async Task<long> SaveAsync(TableMap map, long? expectedVersion, Func<NpgsqlConnection, Task>? alongside, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(map);
        RequireDistinct(map);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var version = await LockAsync(connection, expectedVersion, cancellationToken);
        if (await WriteAsync(connection, map, cancellationToken) > 0)
        {
            await using var bump = new NpgsqlCommand(Bump, connection);
            version = (long)(await bump.ExecuteScalarAsync(cancellationToken))!;
        }
        if (alongside is not null)
            await alongside(connection);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    private static async Task<long> LockAsync(NpgsqlConnection connection, long? expected, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Lock, connection);
        var version = (long)(await command.ExecuteScalarAsync(cancellationToken)
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"database {connection.Database} was not prepared for PayFlow", "Start PayFlow once with a role that may create its schema."));
        return expected is null || expected == version ? version : throw new SyncException(
            SyncErrorCode.Busy,
            $"the table map was changed by somebody else: it is at version {version}, the edit began at {expected}",
            "Load the map again and repeat the edit.");
    }

    private static async Task<int> WriteAsync(NpgsqlConnection connection, TableMap map, CancellationToken cancellationToken)
    {
        var names = map.Tables.Select(t => t.Name).ToArray();
        await using var delete = new NpgsqlCommand(Delete, connection);
        delete.Parameters.Add(Texts(names));
        await using var upsert = new NpgsqlCommand(Upsert, connection);
        upsert.Parameters.Add(Texts(names));
        upsert.Parameters.Add(Texts([.. map.Tables.Select(TableMapEntryJson.Write)]));
        return await delete.ExecuteNonQueryAsync(cancellationToken) + await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Texts(string[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static void RequireDistinct(TableMap map)
    {
        if (map.Tables.GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"the table map names {twice.Key} twice", "Leave one entry per table.") { Table = twice.Key };
    }

    private static TableMapEntry Parse(string name, string json)
    {
        try
        {
            return TableMapEntryJson.Parse(json);
        }
        catch (JsonException e)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"the entry of {name} in payflow.table_map cannot be read: {e.Message.ReplaceLineEndings(" ")}",
                "Save the entry again from a known good map.",
                e)
            { Table = name };
        }
    }
}
