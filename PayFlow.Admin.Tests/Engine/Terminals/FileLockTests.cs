using System.Diagnostics;
using System.Globalization;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals;

/// <summary>SQLite's locks on a terminal's file belong to the process: closing the file anywhere in it drops them, and then another program destroys the file.</summary>
public sealed class FileLockTests
{
    [Fact]
    public async Task While_the_file_is_open_nothing_that_looks_at_it_drops_its_locks()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE goods (id int PRIMARY KEY)");
        var till = await chain.TillAsync("T1", "PRAGMA journal_mode = WAL; CREATE TABLE goods (id INTEGER PRIMARY KEY)");
        await till.SyncAsync();
        var inode = Inode(till.File.Path);
        Assert.Contains(inode, Locked());

        TerminalConnection.Open(till.File.Path).Dispose();
        SqliteDatabase.Open(till.File.Path).Dispose();
        TerminalInspection.Read(till.File.Path);
        await till.SyncAsync();

        Assert.Contains(inode, Locked());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("SQLite format 3")]
    [InlineData("this file has more than sixteen letters, and is none of SQLite's; it is as long as a header and longer, so that none of its hundred bytes is missing")]
    public void A_file_that_is_no_database_is_called_so(string content)
    {
        var path = Path.Combine(TestFolder.Create(), "till.db");
        File.WriteAllText(path, content);
        Assert.Contains("is not a SQLite database", Assert.Throws<SyncException>(() => SqliteDatabase.Open(path)).Message, StringComparison.Ordinal);
    }

    private static string Inode(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%i", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }

    // "1: POSIX  ADVISORY  READ 4711 08:01:131 1073741826 1073742335": https://man7.org/linux/man-pages/man5/proc_locks.5.html
    private static List<string> Locked() => [.. File.ReadAllLines("/proc/locks")
        .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(f => f[1] == "POSIX" && f[4] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        .Select(f => f[5].Split(':')[2])];
}
