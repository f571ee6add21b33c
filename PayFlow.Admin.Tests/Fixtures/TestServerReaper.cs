using System.Diagnostics;
using System.Globalization;
using PayFlow.Admin.Hosting;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>
/// Stops the test run's server and removes its files when the run ends, be it by a crash or a kill. The test platform kills its host
/// a tenth of a second after the last test, too soon for a handler of our own; so a shell waits for the end of our pipe to it.
/// </summary>
internal static class TestServerReaper
{
    private const string Script = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        cd /
        read -r _
        kill -INT "$1"
        while kill -0 "$1"; do sleep 0.05; done
        rm -rf "$2" "$3"
        """;

    private static Process? _shell;

    public static void Watch(EmbeddedPostgres server, string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return;
        }
        var process = server.ProcessId.ToString(CultureInfo.InvariantCulture);
        _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "payflow-test-reaper", process, folder, server.ClusterHome])
        {
            // Never written to: its end is the message.
            RedirectStandardInput = true,
            UseShellExecute = false,
        });
    }
}
