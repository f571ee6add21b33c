using System.Diagnostics;
using System.Runtime.InteropServices;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Host;
using PayFlow.Faults.Matrix;
using PayFlow.Faults.Programs;
using PayFlow.Sync.Engine;

if (args is [EngineChild.Verb, ..])
    return await EngineChild.RunAsync(args[1..]);
if (args is [HostChild.Verb, ..])
    return await HostChild.RunAsync(args[1..]);
if (args is [ProgramChild.Verb, ..])
    return await ProgramChild.RunAsync(args[1..]);

try
{
    if (FaultOptions.Parse(args) is not { } options)
    {
        Console.WriteLine(FaultOptions.Usage);
        return 0;
    }
    using var stop = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

    // The seeds that are under way come to their end, and their servers are stopped.
    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    var started = Stopwatch.GetTimestamp();
    var results = await FaultMatrix.RunAsync(options, Console.WriteLine, stop.Token);
    Console.WriteLine($"\n{MatrixTable.Text(results)}\n");
    if (MatrixTable.Where(results, PayFlow.Faults.Kinds.FaultKind.Find("kill-at-step")!) is { Length: > 0 } steps)
        Console.WriteLine($"Steps killed at: {steps}");
    if (options.Report is not null)
        await MatrixReport.WriteAsync(options.Report, results, options, Stopwatch.GetElapsedTime(started));
    return results.All(r => r.Passed) && results.Count == options.Seeds ? 0 : 1;
}
catch (SyncException e)
{
    await Console.Error.WriteLineAsync(e.Hint is null ? e.Message : $"{e.Message}\n{e.Hint}");
    return 1;
}
