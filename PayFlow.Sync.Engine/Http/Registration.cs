using System.Security.Cryptography;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Http;

/// <summary>Makes a device of a till, with the one-time code that an administrator gave: what comes back is kept beside its SQLite file.</summary>
/// <param name="sqlitePath">The till's file.</param>
/// <param name="handler">Another way to the host, for tests.</param>
/// <param name="time">The clock.</param>
public sealed class Registration(string sqlitePath, HttpMessageHandler? handler = null, TimeProvider? time = null)
{
    private const int AttemptBytes = 24;

    /// <summary>Registers. Safe on a bad line: the same call with the same code gets its key also when the first answer was lost.</summary>
    /// <exception cref="SyncException">The code does not work, the file is another terminal's or has no tables yet, or the host cannot be reached.</exception>
    public async Task<DeviceCredentials> RegisterAsync(Uri host, string code, string? terminal, string? name, CancellationToken cancellationToken)
    {
        var state = ReadState();
        if (state is not null && terminal is not null && state.TerminalId != terminal)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"{sqlitePath} is attached as terminal {state.TerminalId} already", "Use that id, or detach the file first.") { Terminal = state.TerminalId };
        var known = DeviceFile.Read(sqlitePath);
        // Written before it is sent: after a power cut it is known what to ask for again.
        var device = new DeviceCredentials { Host = host, Attempt = known is { Attempt: { } attempt } && known.Host == host ? attempt : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(AttemptBytes)) };
        DeviceFile.Write(sqlitePath, known is { IsRegistered: true } ? known with { Attempt = device.Attempt } : device);
        using var line = new HostLine(host, null, handler);
        var request = new RegisterRequest(code, device.Attempt!, terminal ?? state?.TerminalId, name, state?.Lineage);
        var answer = await AskAsync(line, request, cancellationToken);
        device = device with { Terminal = answer.Terminal, Key = answer.Key, Attempt = null, KeySince = (time ?? TimeProvider.System).GetUtcNow() };
        DeviceFile.Write(sqlitePath, device);
        return device;
    }

    // Nobody goes on trying here.
    private static async Task<RegisterAnswer> AskAsync(HostLine line, RegisterRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await line.PostAsync(SyncPaths.Register, null, request, WireContext.Wire.RegisterRequest, WireContext.Wire.RegisterAnswer, cancellationToken);
        }
        catch (SyncException e) when (e.IsTransient && e.Hint is { } hint)
        {
            throw new SyncException(e.Code, e.Message, hint.Replace(HttpFailure.Itself, "Check the address (--url) and the line, and give the same code again.", StringComparison.Ordinal), e) { IsTransient = true };
        }
    }

    private TerminalIdentity? ReadState()
    {
        using var database = SqliteDatabase.Open(sqlitePath);
        var store = new TerminalStore(database);
        if (store.IsAttached)
            return store.ReadState();
        // Said before the code is used up.
        return SqliteSchemaReader.Read(database.Connection).Tables.Count > 0
            ? null
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{sqlitePath} has no tables yet", "Start the POS program once, so that it makes them. The code was not used: give it again then.");
    }
}
