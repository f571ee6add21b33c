using System.Buffers.Text;
using System.Security.Cryptography;
using PayFlow.Sync.Engine.Http.Messages;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// Gives a device another key. The till makes it and writes it down before it names it to the host, which takes it from its first use on: whatever breaks in between, one of the two that the till knows opens the door.
/// </summary>
/// <param name="sqlitePath">The till's file, beside which its credentials lie.</param>
/// <param name="handler">Another way to the host, for tests.</param>
/// <param name="time">The clock.</param>
public sealed class KeyChange(string sqlitePath, HttpMessageHandler? handler = null, TimeProvider? time = null)
{
    /// <summary>A key that is older is due to be changed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private const int KeyBytes = 32;

    /// <summary>Changes the key, or brings to its end what an earlier call began.</summary>
    /// <returns>What the till is from now on.</returns>
    /// <exception cref="SyncException">The host cannot be reached (the old key stays good), or no longer takes the device.</exception>
    public async Task<DeviceCredentials> ChangeAsync(DeviceCredentials device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var isBegun = device.NextKey is not null;
        var next = device.NextKey ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        if (device.NextKey is null)
            DeviceFile.Write(sqlitePath, device = device with { NextKey = next });
        using var line = new HostLine(device.Host, device.Key, handler);
        try
        {
            await line.PostAsync(SyncPaths.Key, null, new KeyRequest(next), WireContext.Wire.KeyRequest, cancellationToken);
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.NotPermitted && isBegun)
        {
            // An earlier change has gone through, and the new key was used already: only the note of it was lost. If not, the next request says so.
        }
        device = device with { Key = next, NextKey = null, KeySince = (time ?? TimeProvider.System).GetUtcNow() };
        DeviceFile.Write(sqlitePath, device);
        return device;
    }
}
