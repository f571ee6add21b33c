using System.Diagnostics;
using System.Globalization;
using PayFlow.Admin.Remote;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Benchmarks.Remote;

/// <summary>The real host in a process of its own, before a benchmark's database.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly BenchDatabase _central;
    private readonly Process _process;

    private HostProcess(BenchDatabase central, Process process, Uri address)
    {
        (_central, _process, Address) = (central, process, address);
    }

    public Uri Address { get; }

    /// <summary>Processor time that it has taken so far.</summary>
    public TimeSpan Busy
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its resident size at the moment.</summary>
    public long Bytes => Resident.Now(_process);

    /// <summary>The largest that it ever was.</summary>
    public long PeakBytes => Resident.Peak(_process);

    public static async Task<HostProcess> StartAsync(BenchDatabase central)
    {
        var process = OwnProgram.Start(central.ConnectionString, HostChild.Verb);
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host ended before it listened.");
        return new HostProcess(central, process, new Uri(address));
    }

    /// <summary>How many statements it has sent to PostgreSQL since this was first asked.</summary>
    public async Task<long> CountStatementsAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        while (true)
        {
            var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host ended.");
            if (long.TryParse(line, CultureInfo.InvariantCulture, out var count))
                return count;
            // What the host has to complain of goes the same way.
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>A file's device, registered by a code as every device is.</summary>
    public async Task<DeviceCredentials> RegisterAsync(string path, string terminal)
    {
        var code = await new DeviceDesk(_central.Source).CreateCodeAsync(terminal, null, null, "the benchmark", CancellationToken.None);
        return await new Registration(path).RegisterAsync(Address, code, null, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        Require.Equal(0, _process.ExitCode, "exit code of the host's process");
        _process.Dispose();
    }
}
