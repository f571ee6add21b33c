using System.Diagnostics;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>Starts this program again, as a process that does one thing and can be measured alone.</summary>
internal static class OwnProgram
{
    // Not on the command line, where every user of the machine could read the password.
    private const string ConnectionVariable = "PAYFLOW_BENCH_CENTRAL";

    /// <summary>The central that the parent named.</summary>
    public static string Central => Environment.GetEnvironmentVariable(ConnectionVariable) ?? throw new InvalidOperationException("No central was named.");

    /// <summary>Starts it; input and output are the parent's.</summary>
    public static Process Start(string central, params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(OwnProgram).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[ConnectionVariable] = central;
        return Process.Start(start)!;
    }
}
