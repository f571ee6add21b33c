using System.Diagnostics;
using System.Globalization;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Memory;

/// <summary>This program again, as a process that does nothing but one first load and says what it took.</summary>
internal static class LoadChild
{
    public const string Verb = "load-child";

    // Not on the command line, where every user of the machine could read the password.
    private const string ConnectionVariable = "PAYFLOW_BENCH_CENTRAL";

    /// <summary>Loads an attached file in a child process.</summary>
    /// <returns>Seconds of the load, and the peak resident size in bytes of the whole process.</returns>
    public static async Task<(double Seconds, long Bytes)> StartAsync(string path, string connectionString)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(LoadChild).Assembly.Location);
        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(path);
        start.Environment[ConnectionVariable] = connectionString;
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Require.Equal(0, child.ExitCode, "exit code of the loading process");
        var words = output.Split(' ', StringSplitOptions.TrimEntries);
        return (double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var source = await PostgresSource.OpenAsync(Environment.GetEnvironmentVariable(ConnectionVariable)!, CancellationToken.None);
        await using var sync = new TerminalSync(arguments[0], new PostgresCentral(source));
        var seconds = await Rounds.TimeAsync(async () =>
        {
            var report = await sync.RunAsync();
            Require.Moved(report, report.Tables.Sum(t => t.Read));
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {PeakBytes()}"));
        return 0;
    }

    // "VmHWM:	  123456 kB": the high-water mark of the resident set.
    private static long PeakBytes()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
            return Process.GetCurrentProcess().PeakWorkingSet64;
        var line = File.ReadLines(Status).First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
