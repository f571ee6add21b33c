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

    /// <summary>A till that says it comes less often is waited for no longer.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);

    private const int KeyBytes = 32;

    private const string InsertCode = """
        WITH gone AS (DELETE FROM console.device_codes WHERE expires_at < now())
        INSERT INTO console.device_codes (code_hash, terminal_id, name, attributes, created_by, expires_at, may_resolve) VALUES ($1, $2, $3, $4, $5, now() + $6, $7)
        """;

    // Seen is noted once a minute: a till that syncs often is to write no row for each request. With its first use a new key takes the old one's place; what comes with the old one at the same time does not undo that.
    private const string Find = """
        WITH known AS (SELECT id, terminal_id, may_resolve, last_seen_at, next_key_hash IS NOT DISTINCT FROM $1 AS is_next FROM console.devices WHERE (key_hash = $1 OR next_key_hash = $1) AND revoked_at IS NULL),
        seen AS (
          UPDATE console.devices d
          SET last_seen_at = now(), key_hash = CASE WHEN known.is_next THEN $1 ELSE d.key_hash END, next_key_hash = CASE WHEN known.is_next THEN NULL ELSE d.next_key_hash END
          FROM known WHERE d.id = known.id AND (known.is_next OR known.last_seen_at IS NULL OR known.last_seen_at < now() - interval '1 minute'))
        SELECT id, terminal_id, may_resolve FROM known
        """;

    private const string Revoked = "SELECT id FROM console.devices WHERE revoked_at > now() - $1";

    private const string NameNext = "UPDATE console.devices SET next_key_hash = $2 WHERE id = $1 AND revoked_at IS NULL AND key_hash <> $2";

    private const string Withdraw = "DELETE FROM console.device_codes WHERE encode(code_hash, 'hex') = $1 AND attempt_hash IS NULL AND expires_at > now() RETURNING terminal_id";

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
    /// <param name="mayResolve">Conflicts of its own rows may be decided at the till.</param>
    public async Task<string> CreateCodeAsync(string? terminal, string? name, IReadOnlyDictionary<string, string>? attributes, string actor, CancellationToken cancellationToken, bool mayResolve = false)
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
            insert.Parameters.Add(new() { Value = mayResolve });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = actor, Action = "device.code", TerminalId = terminal, Detail = AuditLog.Detail(new { name, attributes, mayResolve, hours = CodeLife.TotalHours }) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return code;
    }

    /// <summary>Where a terminal's file lies that a host syncs: a code for it takes the terminal from that file, which then nobody syncs any more.</summary>
    /// <returns>Null when there is no such terminal, or its file is elsewhere.</returns>
    public async Task<string?> FindFileAsync(string terminal, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand("SELECT file_path FROM payflow.terminals WHERE id = $1 AND state = 'active'");
        command.Parameters.Add(new() { Value = terminal });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Takes back a code that nobody has used.</summary>
    /// <param name="id">As the list of codes names it.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">It was used, taken back or has ended meanwhile.</exception>
    public async Task WithdrawAsync(string id, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var withdraw = new NpgsqlCommand(Withdraw, connection) { Parameters = { new() { Value = id } } })
        {
            await using var reader = await withdraw.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                throw new SyncException(SyncErrorCode.InvalidConfiguration, "This code is not open any more", "If a till has used it, end the till's key: it is on the terminal's page.");
            var terminal = reader.IsDBNull(0) ? null : reader.GetString(0);
            await reader.CloseAsync();
            await AuditLog.WriteAsync(connection, new AuditRow { Actor = actor, Action = "device.withdraw", TerminalId = terminal, Detail = AuditLog.Detail(new { code = id[..8] }) }, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The device of a key; null when there is none, or when it was revoked.</summary>
    public async Task<Device?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Find);
        command.Parameters.Add(new() { Value = HashKey(key) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Device(reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2)) : null;
    }

    /// <summary>Keeps how often a device syncs by itself.</summary>
    public async Task NoteIntervalAsync(Device device, int seconds, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand("UPDATE console.devices SET interval_seconds = $2 WHERE id = $1 AND interval_seconds IS DISTINCT FROM $2");
        command.Parameters.Add(new() { Value = device.Id });
        command.Parameters.Add(new() { Value = seconds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Names the key that will take the place of a device's: with its first use, so that an answer that is lost locks nobody out.</summary>
    /// <exception cref="SyncException">It is none, or the device was revoked meanwhile.</exception>
    public async Task NameNextKeyAsync(Device device, string key, CancellationToken cancellationToken)
    {
        if (!Base64Url.IsValid(key, out var bytes) || bytes != KeyBytes)
            throw new SyncException(SyncErrorCode.Protocol, $"The new key is not {KeyBytes} bytes in base64url", $"Make it of {KeyBytes} random bytes.");
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(NameNext, connection) { Parameters = { new() { Value = device.Id }, new() { Value = HashKey(key) } } })
        {
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
                throw new SyncException(SyncErrorCode.NotPermitted, "The device was revoked, or this is the key that it has", "Make another one of random bytes.");
        }
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = $"till {device.Terminal}", Action = "device.key", TerminalId = device.Terminal, Detail = AuditLog.Detail(new { by = "itself" }) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends a terminal's key at once; its next request is refused. What it sold since stays in its file.</summary>
    /// <exception cref="SyncException">It has none.</exception>
    public async Task RevokeAsync(string terminal, string actor, string? reason, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RevokeAsync(connection, terminal, actor, reason, cancellationToken) == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Terminal {terminal} has no device key that works", "It was revoked already, or never was elsewhere; a till that is a file of a host is taken out of service with payflow detach.") { Terminal = terminal };
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
