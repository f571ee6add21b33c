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

    /// <summary>Loads an attached file in a child process.</summary>
    /// <returns>Seconds of the load, and the peak resident size in bytes of the whole process.</returns>
    public static async Task<(double Seconds, long Bytes)> StartAsync(string path, string connectionString)
    {
        using var child = OwnProgram.Start(connectionString, Verb, path);
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Require.Equal(0, child.ExitCode, "exit code of the loading process");
        var words = output.Split(' ', StringSplitOptions.TrimEntries);
        return (double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var source = await PostgresSource.OpenAsync(OwnProgram.Central, CancellationToken.None);
        await using var sync = new TerminalSync(arguments[0], new PostgresCentral(source));
        var seconds = await Rounds.TimeAsync(async () =>
        {
            var report = await sync.RunAsync();
            Require.Moved(report, report.Tables.Sum(t => t.Read));
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {Resident.Peak(Process.GetCurrentProcess())}"));
        return 0;
    }
}
