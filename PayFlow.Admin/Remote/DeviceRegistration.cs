using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Http.Messages;

namespace PayFlow.Admin.Remote;

/// <summary>
/// <c>POST /api/sync/register</c>: turns a code into a terminal and its key, in one transaction. The answer may be lost on a bad line: the same request, known by its attempt, gets another key as long as none was used.
/// </summary>
internal sealed class DeviceRegistration(NpgsqlDataSource central)
{
    private const int LeastAttempt = 16;

    // The row stays locked until the end, so that two requests with one code are one after the other. A code for any till that has let one in is that till's from then on: the same request again is no other till that wants its place.
    private const string Claim = """
        UPDATE console.device_codes c SET attempt_hash = $2
        WHERE c.code_hash = $1 AND c.expires_at > now()
          AND (c.attempt_hash IS NULL OR c.attempt_hash = $2 AND NOT EXISTS (SELECT 1 FROM console.devices d WHERE d.id = c.device_id AND (d.last_seen_at IS NOT NULL OR d.revoked_at IS NOT NULL)))
        RETURNING coalesce(c.terminal_id, (SELECT d.terminal_id FROM console.devices d WHERE d.id = c.device_id)), c.name, c.attributes::text, c.created_by, c.may_resolve
        """;

    private const string Standing = "SELECT lineage FROM payflow.terminals WHERE id = $1 FOR UPDATE";

    // A file that lay beside a host before is not to be looked for there any more.
    private const string MakeRemote = "UPDATE payflow.terminals SET file_path = NULL WHERE id = $1";

    private const string Insert = """
        WITH device AS (INSERT INTO console.devices (terminal_id, key_hash, may_resolve) VALUES ($1, $2, $4) RETURNING id)
        UPDATE console.device_codes SET device_id = device.id FROM device WHERE code_hash = $3
        """;

    /// <exception cref="SyncException">The code does not work, or the id cannot be had.</exception>
    public async Task<RegisterAnswer> RegisterAsync(RegisterRequest request, CancellationToken cancellationToken)
    {
        if (request.Attempt.Length < LeastAttempt)
            throw new SyncException(SyncErrorCode.Protocol, $"The attempt has {request.Attempt.Length} characters", $"Send a random text of at least {LeastAttempt}, and the same one again when the answer is lost.");
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var code = await ClaimAsync(connection, request, cancellationToken);
        var terminal = await TakeTerminalAsync(connection, code, request, cancellationToken);
        await DeviceDesk.RevokeAsync(connection, terminal, code.CreatedBy, "another device took its place", cancellationToken);
        var key = DeviceDesk.CreateKey();
        await ExecuteAsync(connection, Insert, cancellationToken, terminal, DeviceDesk.HashKey(key), DeviceCode.Hash(request.Code), code.MayResolve);
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = $"till {terminal}", Action = "device.register", TerminalId = terminal, Detail = AuditLog.Detail(new { codeBy = code.CreatedBy, name = code.Name ?? request.Name }) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RegisterAnswer(terminal, key);
    }

    private static async Task<ClaimedCode> ClaimAsync(NpgsqlConnection connection, RegisterRequest request, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Claim, connection) { Parameters = { new() { Value = DeviceCode.Hash(request.Code) }, new() { Value = SHA256.HashData(Encoding.UTF8.GetBytes(request.Attempt)) } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new SyncException(SyncErrorCode.NotPermitted, "This code does not work: it is mistyped, was used, or is older than 24 hours", "Check it, or ask an administrator for a new one: payflow terminals code");
        return new ClaimedCode(
            reader.IsDBNull(0) ? null : reader.GetString(0),
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.IsDBNull(2) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2)),
            reader.GetString(3),
            reader.GetBoolean(4));
    }

    // Attributes decide which rows come: they are the administrator's to give, never the device's.
    private static async Task<string> TakeTerminalAsync(NpgsqlConnection connection, ClaimedCode code, RegisterRequest request, CancellationToken cancellationToken)
    {
        if (code.Terminal is not null && request.Terminal is not null && request.Terminal != code.Terminal)
            throw new SyncException(SyncErrorCode.NotPermitted, $"This code is for terminal {code.Terminal}, not for {request.Terminal}", "Leave the terminal's id out, or ask for a code for the other one.");
        var terminal = code.Terminal ?? request.Terminal
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, "Neither the code nor the request names a terminal", "Give the till an id: payflow agent --terminal ID");
        var lineage = await LineageAsync(connection, terminal, cancellationToken);
        // Nor one that was detached: it has attributes still, and with them the rows of its store.
        if (lineage is not null && code.Terminal is null)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"There is a terminal {terminal} already", "Give this till another id; or, if it is to take the other one's place, ask for a code for it: payflow terminals code --terminal ID") { Terminal = terminal };
        await TerminalRegistry.RegisterAsync(connection, terminal, code.Name ?? request.Name, code.Attributes, null, cancellationToken);
        await ExecuteAsync(connection, MakeRemote, cancellationToken, terminal);
        // The same file under a new key goes on where it was; another file has a history of its own.
        if (request.Lineage is null || request.Lineage != lineage)
            await TerminalReset.ExecuteAsync(connection, terminal, cancellationToken);
        return terminal;
    }

    private static async Task<Guid?> LineageAsync(NpgsqlConnection connection, string terminal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Standing, connection) { Parameters = { new() { Value = terminal } } };
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record ClaimedCode(string? Terminal, string? Name, Dictionary<string, string>? Attributes, string CreatedBy, bool MayResolve);
}
