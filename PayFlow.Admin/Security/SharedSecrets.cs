using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Security;

/// <summary>
/// What all hosts must agree on before they serve: the data-protection key and the key that signs tokens. Made once, under a lock, so that hosts which start together do not make two.
/// </summary>
internal sealed class SharedSecrets(NpgsqlDataSource central, IDataProtectionProvider protection, SecuritySettings settings)
{
    /// <summary>"PFCN" in the upper half, like the engine's keys, so that it meets nobody else's.</summary>
    private const long LockKey = (0x5046434EL << 32) | 2;

    private const string Name = "token-key";

    private const int KeyBytes = 64;

    private const string Lock = "SELECT pg_advisory_xact_lock($1)";

    private const string Read = "SELECT value FROM console.secrets WHERE name = $1";

    private const string Write = """
        INSERT INTO console.secrets (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, created_at = now()
        """;

    private byte[]? _tokenKey;

    /// <summary>Signs the API's tokens.</summary>
    /// <exception cref="InvalidOperationException"><see cref="LoadAsync"/> has not run.</exception>
    public byte[] TokenKey => _tokenKey ?? throw new InvalidOperationException("The shared secrets have not been loaded yet.");

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var wait = new NpgsqlCommand(Lock, connection) { Parameters = { new() { Value = LockKey } } })
            await wait.ExecuteNonQueryAsync(cancellationToken);

        // Makes the first data-protection key, if there is none, while others wait.
        var protector = protection.CreateProtector("PayFlow.Secrets");
        protector.Protect([]);
        _tokenKey = settings.TokenKey ?? await ReadAsync(connection, protector, cancellationToken) ?? await MakeAsync(connection, protector, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether the environment of this host sets the key, so that it is not replaced here.</summary>
    public bool IsOfEnvironment => settings.TokenKey is not null;

    /// <summary>Makes a new key that signs tokens: all that were given until now end, here at once, on other hosts as soon as they look.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends it; the key is the old one then.</param>
    /// <exception cref="SyncException">The environment sets it.</exception>
    public async Task ReplaceTokenKeyAsync(string actor, string? reason, CancellationToken cancellationToken)
    {
        if (IsOfEnvironment)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The key is set by {SecuritySettings.TokenKeyVariable} of this host's environment", "Replace it there, on every host, and start them again.");
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var wait = new NpgsqlCommand(Lock, connection) { Parameters = { new() { Value = LockKey } } })
            await wait.ExecuteNonQueryAsync(cancellationToken);
        var key = await MakeAsync(connection, protection.CreateProtector("PayFlow.Secrets"), cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = actor, Action = "settings.replace-token-key", Key = SecuritySettings.TokenKeyVariable, Detail = AuditLog.Detail(new { reason }) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _tokenKey = key;
    }

    private static async Task<byte[]?> ReadAsync(NpgsqlConnection connection, IDataProtector protector, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection) { Parameters = { new() { Value = Name } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is not string stored)
            return null;
        try
        {
            return protector.Unprotect(Convert.FromBase64String(stored));
        }
        catch (CryptographicException)
        {
            // Its data-protection key was taken out of central: a new signing key is made, and tokens signed with the old one end.
            return null;
        }
    }

    private static async Task<byte[]> MakeAsync(NpgsqlConnection connection, IDataProtector protector, CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        await using var command = new NpgsqlCommand(Write, connection) { Parameters = { new() { Value = Name }, new() { Value = Convert.ToBase64String(protector.Protect(key)) } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return key;
    }
}
