using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Idle;

/// <summary>A run with nothing to do: how many statements central sees, and how long it takes.</summary>
internal sealed class IdleMeasurement : IMeasurement
{
    private const int Tables = 20;
    private const int RoundCount = 200;
    private const double TargetMilliseconds = 5;
    private const int TargetStatements = 3;

    public string Name => "idle";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        var names = Enumerable.Range(1, Tables).Select(i => $"sales{i}").ToArray();
        await using var central = await context.CreateDatabaseAsync();
        var path = context.NewFile();
        using var till = TillFile.Create(path);
        foreach (var name in names)
        {
            await central.ExecuteAsync(BenchDatabase.SalesTable(name));
            till.Execute(TillFile.SalesTable(name));
        }
        await central.UseEngineAsync(names);
        await TillFile.AttachAsync(path, central);
        await using var sync = TillFile.Sync(path, central);
        await sync.RunAsync();
        await context.SettleAsync();
        using var counter = new StatementCounter();
        var times = new List<double>();
        for (var round = 0; round < RoundCount; round++)
            times.Add(await Rounds.TimeAsync(async () => Require.Moved(await sync.RunAsync(new SyncRequest()), 0)));
        var statements = (double)counter.Count / RoundCount;
        var seconds = Rounds.Median(times);
        return
        [
            new(Name, seconds, null, seconds * 1_000 / TargetMilliseconds, 1, $"{seconds * 1_000:0.00} ms a run with {Tables} tables; ratio: to {TargetMilliseconds} ms"),
            new("idle-statements", seconds, null, statements, TargetStatements, $"statements that central sees in each such run, whatever the number of tables"),
        ];
    }
}
