using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs.Settings;

/// <summary>
/// Settings of syncs that are changed in the console, and count on every host from the next job on, without a restart. What a host's environment sets wins on that host.
/// </summary>
internal sealed class StoredSettings(NpgsqlDataSource central, SyncSettings host)
{
    private const string Read = "SELECT name, value, updated_at, updated_by FROM console.settings";

    private const string Lock = "LOCK TABLE console.settings IN SHARE ROW EXCLUSIVE MODE";

    private const string Write = """
        INSERT INTO console.settings (name, value, updated_by) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by, updated_at = now()
        """;

    private const string Remove = "DELETE FROM console.settings WHERE name = $1";

    /// <summary>Those that can be changed.</summary>
    public static IReadOnlySet<string> Writable { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "SYNC_BATCH_SIZE", "SYNC_RETRY_ATTEMPTS", "SYNC_RETRY_FIRST", "SYNC_RETRY_LONGEST", "SYNC_JOURNAL_DAYS", "SYNC_JOURNAL_ROWS", "SYNC_TERMINAL_JOURNAL_DAYS", "SYNC_TERMINAL_JOURNAL_ENTRIES",
    };

    /// <summary>What is stored, by name.</summary>
    public async Task<IReadOnlyDictionary<string, StoredSetting>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }

    /// <summary>How this host syncs at this moment.</summary>
    /// <exception cref="SyncException">What is stored and what the environment says do not go together.</exception>
    public async Task<SyncOptions> OptionsAsync(CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(cancellationToken);
        return stored.Count == 0 ? host.Options : Compose(stored.ToDictionary(s => s.Key, s => s.Value.Value)).Options;
    }

    /// <summary>Changes one, or takes it back to what counts without the console; audited, before → after.</summary>
    /// <param name="name">One of <see cref="Writable"/>.</param>
    /// <param name="value">As typed; null or empty to take it back.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why; may be null.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    /// <exception cref="SyncException">It cannot be changed here, the value is none, or it does not go with the others.</exception>
    public async Task SaveAsync(string name, string? value, string actor, string? reason, CancellationToken cancellationToken)
    {
        if (!Writable.Contains(name))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{name} is not changed in the console", "Set it in the environment of the host, and start it again.");
        if (IsOfEnvironment(name))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{name} is set by the environment of this host, which wins", "Change it there, or take it out there first.");
        var wanted = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
        // A NUL behind a number is no part of it for .NET, and no text for PostgreSQL.
        if (wanted?.Any(char.IsControl) == true)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{name}: the value holds a control character, which cannot be seen", "Type it anew.");
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Lock, [], cancellationToken);
        var stored = await ReadAsync(connection, cancellationToken);
        var values = stored.ToDictionary(s => s.Key, s => s.Value.Value);
        if (wanted is null)
            values.Remove(name);
        else
            values[name] = wanted;
        Compose(values);
        if (wanted is null)
            await ExecuteAsync(connection, Remove, [name], cancellationToken);
        else
            await ExecuteAsync(connection, Write, [name, wanted, actor], cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow
        {
            Actor = actor,
            Action = "settings.change",
            Key = name,
            Detail = AuditLog.Detail(new { reason, before = new { value = stored.GetValueOrDefault(name)?.Value }, after = new { value = wanted } }),
        }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether this host's environment sets it.</summary>
    public bool IsOfEnvironment(string name) => !string.IsNullOrWhiteSpace(host.Environment(name));

    private SyncSettings Compose(Dictionary<string, string> stored) =>
        SyncSettings.Read(name => IsOfEnvironment(name) || !Writable.Contains(name) ? host.Environment(name) : stored.GetValueOrDefault(name));

    private static async Task<IReadOnlyDictionary<string, StoredSetting>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stored = new Dictionary<string, StoredSetting>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            stored[reader.GetString(0)] = new StoredSetting(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3));
        return stored;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
