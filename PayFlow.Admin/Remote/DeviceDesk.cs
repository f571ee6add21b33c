using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Remote;

/// <summary>Makes codes, knows devices by their key, and takes them out of service. Registering by a code is <see cref="DeviceRegistration"/>'s.</summary>
internal sealed class DeviceDesk(NpgsqlDataSource central)
{
    public static readonly TimeSpan CodeLife = TimeSpan.FromHours(24);

    private const int KeyBytes = 32;

    private const string InsertCode = """
        WITH gone AS (DELETE FROM console.device_codes WHERE expires_at < now())
        INSERT INTO console.device_codes (code_hash, terminal_id, name, attributes, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, now() + $6)
        """;

    // Seen is noted once a minute: a till that syncs often is to write no row for each request.
    private const string Find = """
        WITH known AS (SELECT id, terminal_id, last_seen_at FROM console.devices WHERE key_hash = $1 AND revoked_at IS NULL),
        seen AS (UPDATE console.devices d SET last_seen_at = now() FROM known WHERE d.id = known.id AND (known.last_seen_at IS NULL OR known.last_seen_at < now() - interval '1 minute'))
        SELECT id, terminal_id FROM known
        """;

    private const string Revoked = "SELECT id FROM console.devices WHERE revoked_at > now() - $1";

    private const string RevokeKey = "UPDATE console.devices SET revoked_at = now(), revoked_by = $2, revoked_reason = $3 WHERE terminal_id = $1 AND revoked_at IS NULL";

    /// <summary>Devices whose key was ended in the last while.</summary>
    public static async Task<IReadOnlySet<Guid>> RevokedAsync(NpgsqlConnection connection, TimeSpan lately, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Revoked, connection) { Parameters = { new() { Value = lately } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var devices = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            devices.Add(reader.GetGuid(0));
        return devices;
    }

    /// <summary>Makes a code; it cannot be read again.</summary>
    /// <param name="terminal">The terminal that it lets in, also in place of a device that has been it so far; null: a new one that names itself.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="attributes">What row filters may name; null leaves what a registered terminal has.</param>
    /// <param name="actor">Who made it, for the audit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> CreateCodeAsync(string? terminal, string? name, IReadOnlyDictionary<string, string>? attributes, string actor, CancellationToken cancellationToken)
    {
        if (terminal is not null)
            TerminalRegistry.RequireId(terminal);
        var code = DeviceCode.Create();
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var insert = new NpgsqlCommand(InsertCode, connection))
        {
            insert.Parameters.Add(new() { Value = DeviceCode.Hash(code) });
            insert.Parameters.Add(Text(terminal));
            insert.Parameters.Add(Text(name));
            insert.Parameters.Add(new() { Value = attributes is null ? DBNull.Value : JsonSerializer.Serialize(attributes), NpgsqlDbType = NpgsqlDbType.Jsonb });
            insert.Parameters.Add(new() { Value = actor });
            insert.Parameters.Add(new() { Value = CodeLife });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = actor, Action = "device.code", TerminalId = terminal, Detail = AuditLog.Detail(new { name, attributes, hours = CodeLife.TotalHours }) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return code;
    }

    /// <summary>The device of a key; null when there is none, or when it was revoked.</summary>
    public async Task<Device?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Find);
        command.Parameters.Add(new() { Value = HashKey(key) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Device(reader.GetGuid(0), reader.GetString(1)) : null;
    }

    /// <summary>Ends a terminal's key at once; its next request is refused. What it sold since stays in its file.</summary>
    /// <exception cref="SyncException">It has none.</exception>
    public async Task RevokeAsync(string terminal, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RevokeAsync(connection, terminal, actor, reason, cancellationToken) == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Terminal {terminal} has no device key", "Look up the id; a till that is a file of a host is taken out of service with payflow detach.") { Terminal = terminal };
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = actor, Action = "device.revoke", TerminalId = terminal, Detail = AuditLog.Detail(new { reason }) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    internal static async Task<int> RevokeAsync(NpgsqlConnection connection, string terminal, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RevokeKey, connection) { Parameters = { new() { Value = terminal }, new() { Value = actor }, Text(reason) } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A new key: 256 random bits.</summary>
    internal static string CreateKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    internal static byte[] HashKey(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
