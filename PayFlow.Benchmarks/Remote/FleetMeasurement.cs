using Npgsql;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Benchmarks.Remote;

/// <summary>Many tills elsewhere that sell, each by an agent of its own in this process, and one host: how long a sale takes to central, alone and while one till brings up a long backlog.</summary>
internal sealed class FleetMeasurement : IMeasurement
{
    private const int Tills = 200;

    private const int Backlog = 100_000;

    private const double TargetRatio = 2;

    private static readonly TimeSpan SaleEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public string Name => "remote-fleet";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync($"{BenchDatabase.SalesTable()}; ALTER TABLE sales ADD arrived_at timestamptz DEFAULT clock_timestamp()");
        await central.UseEngineAsync(new TableMapEntry { Name = "sales", Direction = SyncDirection.Pull });
        await using var host = await HostProcess.StartAsync(central);
        var requests = new RequestCount();
        await using var fleet = new Fleet();
        context.Say($"Registering {Tills + 1} tills");
        for (var i = 0; i <= Tills; i++)
            fleet.Add(await FleetTill.CreateAsync(host, context.NewFile(), $"till{i:000}", new AgentOptions(), requests, i));
        var late = fleet.Tills[^1];
        late.Stock(Backlog);
        await context.SettleAsync();
        foreach (var till in fleet.Tills.SkipLast(1))
            till.Start(SaleEvery);
        // The first moments, when all come at once, are nobody's everyday.
        await Task.Delay(TimeSpan.FromSeconds(5));

        context.Say($"{Tills} tills sell for {Quiet.TotalSeconds:0} seconds");
        var alone = await PhaseAsync(central, host, requests, () => Task.Delay(Quiet));
        context.Say($"One more comes with {Backlog:N0} rows");
        var beside = await PhaseAsync(central, host, requests, async () =>
        {
            late.Start(null);
            for (var began = TimeProvider.System.GetTimestamp(); late.Waiting > 0; await Task.Delay(200))
            {
                if (TimeProvider.System.GetElapsedTime(began) > Longest)
                    throw new InvalidOperationException($"{late.Waiting:N0} rows of the backlog still wait after {Longest.TotalMinutes:0} minutes: {late.Trouble}");
            }
        });
        foreach (var till in fleet.Tills)
            await till.StopAsync();
        if (fleet.Tills.FirstOrDefault(t => t.Trouble is not null) is { } failed)
            throw new InvalidOperationException($"{failed.Id}: {failed.Trouble!.Message}", failed.Trouble);
        var ratio = beside.P99 / alone.P99;
        return
        [
            new(Name + "-alone", alone.P99, null, 1, null, $"{Tills} tills, a sale every {SaleEvery.TotalSeconds:0} s each: {alone}; host {host.PeakBytes / 1e6:0} MB at most"),
            new(Name, beside.P99, alone.P99, ratio, TargetRatio, $"the same while one more brings up {Backlog:N0} rows in {beside.Seconds:0.0} s ({Backlog / beside.Seconds:N0} rows/s): {beside}; ratio: of the p99"),
        ];
    }

    private static async Task<FleetPhase> PhaseAsync(BenchDatabase central, HostProcess host, RequestCount requests, Func<Task> work)
    {
        var (from, busy, count) = (TimeProvider.System.GetUtcNow(), host.Busy, requests.Count);
        await work();
        var to = TimeProvider.System.GetUtcNow();
        var (used, sent) = (host.Busy - busy, requests.Count - count);
        // What was sold last arrives a little later.
        await Task.Delay(TimeSpan.FromSeconds(5));
        var times = await ReadAsync(central, from, to);
        return new FleetPhase((to - from).TotalSeconds, times, sent, used);
    }

    // The backlog's own rows carry other notes. A sale that never arrived would be missing here, and is found by the count of the tills' queues.
    private static async Task<List<double>> ReadAsync(BenchDatabase central, DateTimeOffset from, DateTimeOffset to)
    {
        await using var command = central.Source.CreateCommand("SELECT extract(epoch FROM arrived_at - sold_at AT TIME ZONE 'UTC')::float8 FROM sales WHERE note LIKE 'till%' AND sold_at >= $1 AND sold_at < $2 ORDER BY 1");
        command.Parameters.Add(new NpgsqlParameter { Value = DateTime.SpecifyKind(from.UtcDateTime, DateTimeKind.Unspecified) });
        command.Parameters.Add(new NpgsqlParameter { Value = DateTime.SpecifyKind(to.UtcDateTime, DateTimeKind.Unspecified) });
        await using var reader = await command.ExecuteReaderAsync();
        var times = new List<double>();
        while (await reader.ReadAsync())
            times.Add(reader.GetDouble(0));
        return times;
    }
}
