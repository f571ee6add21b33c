using PayFlow.Benchmarks.Measuring;
using PayFlow.Benchmarks.Memory;
using PayFlow.Benchmarks.Remote;
using PayFlow.Sync.Engine;

if (args is [LoadChild.Verb, ..])
    return await LoadChild.RunAsync(args[1..]);
if (args is [HostChild.Verb])
    return await HostChild.RunAsync();

try
{
    if (BenchOptions.Parse(args) is not { } options)
    {
        Console.WriteLine(BenchOptions.Usage);
        return 0;
    }
    await Bench.RunAsync(options);
    return 0;
}
catch (SyncException e)
{
    await Console.Error.WriteLineAsync(e.Hint is null ? e.Message : $"{e.Message}\n{e.Hint}");
    return 1;
}
