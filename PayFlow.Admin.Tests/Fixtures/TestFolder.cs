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

    private static bool HasRoom() => OperatingSystem.IsLinux() && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room;
}
