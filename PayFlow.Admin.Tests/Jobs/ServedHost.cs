using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PayFlow.Admin.Commands;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

/// <summary><c>payflow serve</c> in a process of its own, as built.</summary>
internal sealed class ServedHost : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServedHost(Process process)
    {
        _process = process;
        foreach (var add in new[] { Heard(process, isError: false), Heard(process, isError: true) })
            add();
    }

    /// <summary>What it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static ServedHost Start(string connectionString, params (string Name, string Value)[] variables)
    {
        var program = Path.ChangeExtension(typeof(ServeVerb).Assembly.Location, ".dll");
        var start = new ProcessStartInfo("dotnet", [program, "serve", "--central", connectionString, "--urls", $"http://127.0.0.1:{FreePort()}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new ServedHost(Process.Start(start)!);
    }

    public bool IsAlive => !_process.HasExited;

    /// <summary>Whether the cluster calls this process so.</summary>
    public bool IsCalled(string? host) => host is not null && host.StartsWith($"{Environment.MachineName}-{_process.Id}-", StringComparison.Ordinal);

    /// <summary>SIGKILL: nothing is said to anybody.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM: ends in order.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, _process.ExitCode);
    }

    public void Dispose()
    {
        if (IsAlive)
            Kill();
        _process.Dispose();
    }

    private Action Heard(Process process, bool isError)
    {
        DataReceivedEventHandler hear = (_, e) =>
        {
            lock (_output)
                _output.AppendLine(e.Data);
        };
        if (isError)
            process.ErrorDataReceived += hear;
        else
            process.OutputDataReceived += hear;
        return isError ? process.BeginErrorReadLine : process.BeginOutputReadLine;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
