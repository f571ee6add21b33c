using System.Runtime.InteropServices;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>The operating system's write-behind.</summary>
internal static partial class Disk
{
    /// <summary>Waits until everything written so far is on the disk; does nothing where there is no such call.</summary>
    public static void Sync()
    {
        if (!OperatingSystem.IsWindows())
            SyncAll();
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void SyncAll();
}
