namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>Temporary data folders that the server's user can pass through, also when the tests run as root.</summary>
internal static class TestFolder
{
    private const string Memory = "/dev/shm";

    /// <summary>What a whole run may need there, and then some.</summary>
    private const long Room = 8L << 30;

    /// <param name="inMemory">In memory where there is room: two thousand databases of three hundred files each are made and dropped, and a disk is not what is tried.</param>
    public static string Create(bool inMemory = false)
    {
        var folder = inMemory && HasRoom()
            ? Directory.CreateDirectory(Path.Combine(Memory, "payflow-data-" + Path.GetRandomFileName())).FullName
            : Directory.CreateTempSubdirectory("payflow-data-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private static bool HasRoom() => OperatingSystem.IsLinux() && Directory.Exists(Memory) && Math.Min(new DriveInfo(Memory).AvailableFreeSpace, AvailableMemory()) >= Room;

    // What such a folder may grow to is no promise that there is memory for it.
    private static long AvailableMemory() =>
        File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], out var kilobytes) ? kilobytes << 10 : 0;
}
