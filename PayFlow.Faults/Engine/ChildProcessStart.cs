using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PayFlow.Faults.Engine;

/// <summary>Starts this program once more, as one of its children: commands go in by line, answers come out by line.</summary>
internal static class ChildProcessStart
{
    public static Process Run(string verb, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Host()) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(ChildProcessStart).Assembly.Location);
        start.ArgumentList.Add(verb);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    // The program may have been started by dotnet, or loaded by a test host.
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var own = Environment.ProcessPath!;
        if (Path.GetFileName(own) == name)
            return own;
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, name);
    }
}
