using System.ComponentModel;
using System.Diagnostics;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>The TypeScript client, built where its sources are newer than what was built; once for all tests.</summary>
internal static class CapacitorBuild
{
    private static readonly Lazy<Task> Built = new(BuildAsync);

    private static string Stamp => Path.Combine(ClientsFolder.Capacitor, "dist", ".built");

    /// <exception cref="InvalidOperationException">It cannot be built; the message says what is missing.</exception>
    public static Task EnsureAsync() => Built.Value;

    private static async Task BuildAsync()
    {
        var folder = ClientsFolder.Capacitor;
        // npm writes this file last.
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
            File.SetLastWriteTimeUtc(installed.FullName, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        var newest = new[] { "src", "test" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(folder, f), "*.ts", SearchOption.AllDirectories))
            .Append(Path.Combine(folder, "tsconfig.json")).Append(installed.FullName).Max(File.GetLastWriteTimeUtc);
        if (File.Exists(Stamp) && File.GetLastWriteTimeUtc(Stamp) >= newest)
            return;
        await RunAsync("node", "node_modules/typescript/bin/tsc", "-p", ".");
        await File.WriteAllTextAsync(Stamp, string.Empty);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = ClientsFolder.Capacitor, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} in {ClientsFolder.Capacitor} ended with {process.ExitCode}:\n{await output}{await errors}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} is missing: the tests of clients/capacitor need Node 20 or later with npm (apt-get install nodejs npm).", e);
        }
    }
}
