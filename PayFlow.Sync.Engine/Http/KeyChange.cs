using System.Buffers.Text;
using System.Security.Cryptography;
using PayFlow.Sync.Engine.Http.Messages;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// Gives a device another key. The till makes it and writes it down before it names it to the host, which takes it from its first use on: whatever breaks in between, one of those that the till knows opens the door.
/// None of them is dropped because a host refuses it, which may be the wrong host: only when a host has taken another one.
/// </summary>
/// <param name="sqlitePath">The till's file, beside which its credentials lie.</param>
/// <param name="handler">Another way to the host for each line, for tests.</param>
/// <param name="time">The clock.</param>
public sealed class KeyChange(string sqlitePath, Func<HttpMessageHandler>? handler = null, TimeProvider? time = null)
{
    /// <summary>A key that is older is due to be changed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private const int KeyBytes = 32;

    /// <summary>Changes the key, or brings to its end what an earlier call began. The old key is kept beside the new one until a host has taken that one.</summary>
    /// <returns>What the till is from now on.</returns>
    /// <exception cref="SyncException">The host cannot be reached, or takes none of the device's keys; all of them are kept.</exception>
    public async Task<DeviceCredentials> ChangeAsync(DeviceCredentials device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var knowsMore = device.NextKey is not null || device.FormerKey is not null;
        var next = device.NextKey ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        if (device.NextKey is null)
        {
            device = device with { NextKey = next };
            // The address may be one that nobody has answered from yet.
            DeviceFile.Write(sqlitePath, (DeviceFile.Read(sqlitePath) ?? device) with { NextKey = next });
        }
        try
        {
            using var line = Line(device, device.Key!);
            await line.PostAsync(SyncPaths.Key, null, new KeyRequest(next), WireContext.Wire.KeyRequest, cancellationToken);
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.NotPermitted && knowsMore)
        {
            // An earlier change may have gone through, of which only the note was lost.
            var proven = await ProveAsync(device, cancellationToken);
            if (proven.Key == device.Key)
                throw;
            return proven.NextKey is null ? proven : await ChangeAsync(proven, cancellationToken);
        }
        device = device with { Key = next, NextKey = null, FormerKey = device.Key, KeySince = Now };
        DeviceFile.Write(sqlitePath, device);
        return device;
    }

    /// <summary>Finds out which of the device's keys the host takes, and writes down that one, and the address.</summary>
    /// <returns>What the till is from now on.</returns>
    /// <exception cref="SyncException">The host cannot be reached, or takes none of them; then nothing is written.</exception>
    public async Task<DeviceCredentials> ProveAsync(DeviceCredentials device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (await RefusalOfAsync(device, device.Key!, cancellationToken) is not { } refusal)
            device = device with { FormerKey = null };
        else if (device.NextKey is { } next && await RefusalOfAsync(device, next, cancellationToken) is null)
            device = device with { Key = next, NextKey = null, FormerKey = null, KeySince = Now };
        // Central is an older one, restored: the newer key is named to it anew, and stays good wherever it was taken.
        else if (device.FormerKey is { } former && await RefusalOfAsync(device, former, cancellationToken) is null)
            device = device with { Key = former, NextKey = device.Key, FormerKey = null };
        else
            throw refusal;
        DeviceFile.Write(sqlitePath, device);
        return device;
    }

    private DateTimeOffset Now => (time ?? TimeProvider.System).GetUtcNow();

    private HostLine Line(DeviceCredentials device, string key) => new(device.Host, key, handler?.Invoke());

    // Null when it is taken. What answers anything with 200, such as a network that wants a sign-in, does not know the terminal.
    private async Task<SyncException?> RefusalOfAsync(DeviceCredentials device, string key, CancellationToken cancellationToken)
    {
        using var line = Line(device, key);
        try
        {
            var standing = await line.GetAsync(SyncPaths.Status, null, WireContext.Wire.StandingAnswer, cancellationToken);
            return standing.Terminal == device.Terminal
                ? null
                : throw new SyncException(SyncErrorCode.IdentityMismatch, $"{device.Host} knows this till as terminal {standing.Terminal}, and not as {device.Terminal}", "Check the address (--url).") { Terminal = device.Terminal };
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.NotPermitted)
        {
            return e;
        }
    }
}
