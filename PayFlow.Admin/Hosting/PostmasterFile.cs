using System.Diagnostics;
using System.Globalization;

namespace PayFlow.Admin.Hosting;

/// <summary>
/// What <c>postmaster.pid</c> says about the server of a cluster: line 1 the process, line 2 the data folder, line 4 the port
/// (https://www.postgresql.org/docs/current/storage-file-layout.html). A killed server leaves it behind.
/// </summary>
internal sealed record PostmasterFile(int ProcessId, string DataFolder, int Port)
{
    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>Null when there is no such file, or not yet a whole one.</summary>
    public static PostmasterFile? Read(string dataFolder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(dataFolder));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        return lines.Length >= 4
            && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? new PostmasterFile(process, lines[1], port)
                : null;
    }

    /// <summary>Whether the process lives and is a PostgreSQL server: after a restart, of a container above all, the number may be anybody's.</summary>
    public bool IsAlive()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // "/usr/lib/postgresql/15/bin/postgres\0-D\0/folder\0…"; empty for a dead process that nobody has waited for.
                var commandLine = File.ReadAllText($"/proc/{ProcessId}/cmdline");
                return commandLine.Contains("postgres", StringComparison.Ordinal)
                    && (commandLine.Contains(DataFolder, StringComparison.Ordinal) || new FileInfo($"/proc/{ProcessId}/cwd").LinkTarget == DataFolder);
            }
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
