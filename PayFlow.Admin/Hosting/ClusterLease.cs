namespace PayFlow.Admin.Hosting;

/// <summary>
/// Says "I use this cluster" for as long as the process lives: a locked file of its own in the cluster's lease folder.
/// Leases are taken, counted and given back only by a holder of the cluster's lock, so that nobody comes in between counting and stopping.
/// </summary>
internal sealed class ClusterLease
{
    private readonly string _path;
    private readonly FileLock _lock;

    private ClusterLease(string path, FileLock held)
    {
        _path = path;
        _lock = held;
    }

    public static ClusterLease Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".lease");
        return new ClusterLease(path, FileLock.TryTake(path) ?? throw new IOException($"{path} is new and yet locked."));
    }

    /// <summary>True when a living process holds a lease. What dead ones left behind is cleared away.</summary>
    public static bool AnyHeld(string folder)
    {
        var held = false;
        foreach (var path in Directory.EnumerateFiles(folder, "*.lease"))
        {
            using var free = FileLock.TryTake(path);
            if (free is null)
                held = true;
            else
                Remove(path, free);
        }
        return held;
    }

    public void GiveBack() => Remove(_path, _lock);

    /// <summary>Frees the lease and leaves its file, as the death of its holder does.</summary>
    public void Abandon() => _lock.Dispose();

    private static void Remove(string path, FileLock held)
    {
        // Windows deletes no open file.
        held.Dispose();
        File.Delete(path);
    }
}
