using System.Diagnostics;

namespace PayFlow.Faults.Kinds;

/// <summary>Where a worker's tills lie: a small file system of its own that can be filled up, where one may be mounted; a plain folder otherwise.</summary>
internal sealed class TillDisk : IDisposable
{
    private const int Page = 4096;

    private TillDisk(string folder, bool isOwn)
    {
        Folder = folder;
        IsOwn = isOwn;
    }

    public string Folder { get; }

    /// <summary>It is a file system of its own.</summary>
    public bool IsOwn { get; }

    private string Filler => Path.Combine(Folder, "filler");

    public static TillDisk Create(string folder)
    {
        Directory.CreateDirectory(folder);
        return new TillDisk(folder, OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder));
    }

    /// <summary>Fills it up but for a few pages.</summary>
    public void Fill(int pagesLeft)
    {
        using var filler = new FileStream(Filler, FileMode.Create);
        try
        {
            var block = new byte[Page];
            while (true)
                filler.Write(block);
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
        filler.SetLength(Math.Max(0, filler.Length / Page - pagesLeft) * Page);
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        if (IsOwn)
            Run("umount", "-l", Folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
