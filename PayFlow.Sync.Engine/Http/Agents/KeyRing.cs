namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>The device key that a running agent shows: the one that it was started with, or another that somebody has given the till since (<see cref="KeyChange"/>).</summary>
/// <param name="sqlitePath">The till's file, beside which its credentials lie.</param>
/// <param name="device">What the agent was started with.</param>
/// <param name="line">Shows the key.</param>
internal sealed class KeyRing(string sqlitePath, DeviceCredentials device, HostLine line)
{
    private string _key = device.Key!;
    private string? _former;
    private string? _refused;

    /// <summary>Told that another key is shown from now on.</summary>
    public Action? Changed { get; set; }

    /// <summary>Takes the till's key, where it is another one than that at hand.</summary>
    /// <returns>Whether it was.</returns>
    public bool Take()
    {
        if (Read() is not { } key || key == _key || key == _refused)
            return false;
        (_former, _refused) = (_key, null);
        Show(key);
        return true;
    }

    /// <summary>
    /// After the host has refused the one at hand. Either somebody has changed it meanwhile; or what was taken over is none of this host's (central was restored, or the file), and the one before may still be good.
    /// </summary>
    /// <returns>False when there is none that was not refused.</returns>
    public bool TakeAnother()
    {
        if (Take())
            return true;
        if (_former is not { } former)
            return false;
        (_former, _refused) = (null, _key);
        Show(former);
        return true;
    }

    /// <summary>The host has taken the one at hand, and with that given up the one before.</summary>
    public void Settle() => _former = null;

    private void Show(string key)
    {
        _key = key;
        line.UseKey(key);
        Changed?.Invoke();
    }

    private string? Read()
    {
        try
        {
            return DeviceFile.Read(sqlitePath) is { } known && known.Terminal == device.Terminal && known.Host == device.Host ? known.Key : null;
        }
        catch (SyncException)
        {
            // The key at hand may be good as ever, and a till that syncs is better than one that complains: the next start says what is wrong with the file.
            return null;
        }
    }
}
