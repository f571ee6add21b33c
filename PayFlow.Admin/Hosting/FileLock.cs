using System.Diagnostics;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>An exclusive lock between processes: an open file that nobody else can open. The operating system frees it when its holder dies, however it dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Null when somebody else holds it. The file is created if absent and left in place when freed.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            // Reading is enough to lock it, and works on a file that root has left behind.
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, File.Exists(path) ? FileAccess.Read : FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <exception cref="SyncException">Somebody else held it all the time.</exception>
    public static async Task<FileLock> TakeAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            if (Stopwatch.GetElapsedTime(since) > timeout)
                throw new SyncException(SyncErrorCode.Busy, $"Another program keeps {path} locked.", "Wait for it to end, or stop it, and try again.") { IsTransient = true };
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();
}
