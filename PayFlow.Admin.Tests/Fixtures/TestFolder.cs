namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>Temporary data folders that the server's user can pass through, also when the tests run as root.</summary>
internal static class TestFolder
{
    public static string Create()
    {
        var folder = Directory.CreateTempSubdirectory("payflow-data-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }
}
