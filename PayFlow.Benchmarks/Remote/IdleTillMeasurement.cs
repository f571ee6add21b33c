using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Benchmarks.Remote;

/// <summary>What tills that are connected and have nothing to do cost their host and its PostgreSQL: many of them against none.</summary>
internal sealed class IdleTillMeasurement : IMeasurement
{
    private const int Tills = 200;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    // Three times the interval at which each till looks by itself.
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(3);

    public string Name => "remote-idle";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.UseEngineAsync("sales");
        await using var host = await HostProcess.StartAsync(central);
        var requests = new RequestCount();
        await Task.Delay(Settling);
        context.Say("Watching the host alone");
        var alone = await WatchAsync(central, host, requests);

        await using var fleet = new Fleet();
        context.Say($"Registering {Tills} tills");
        for (var i = 0; i < Tills; i++)
            fleet.Add(await FleetTill.CreateAsync(host, context.NewFile(), $"till{i:000}", new AgentOptions(), requests, i));
        foreach (var till in fleet.Tills)
            till.Start(null);
        await Task.Delay(Settling);
        context.Say($"Watching {Tills} tills that have nothing to do");
        var with = await WatchAsync(central, host, requests);
        foreach (var till in fleet.Tills)
            await till.StopAsync();
        if (fleet.Tills.FirstOrDefault(t => t.Trouble is not null) is { } failed)
            throw new InvalidOperationException($"{failed.Id}: {failed.Trouble!.Message}", failed.Trouble);

        var hour = 3600 / Watched.TotalSeconds;
        var statements = (with.Statements - alone.Statements) * hour / Tills;
        var (bytes, transactions, busy) = ((double)(with.Bytes - alone.Bytes) / Tills, (with.Transactions - alone.Transactions) * hour / Tills, (with.Busy - alone.Busy) * hour / Tills);
        return
        [
            new(Name + "-memory", 0, null, bytes / 1e3, null, $"kB of the host's resident size for each connected idle till ({alone.Bytes / 1e6:0} MB without any, {with.Bytes / 1e6:0} MB with {Tills})"),
            new(Name + "-statements", 0, null, statements, null, $"statements that PostgreSQL gets an hour for each, in {transactions:0} transactions; {(with.Requests - alone.Requests) * hour / Tills:0} requests an hour, {busy.TotalSeconds:0.00} s of the host's processor an hour, {with.Connections} connections to PostgreSQL at most in all"),
        ];
    }

    private static async Task<Seen> WatchAsync(BenchDatabase central, HostProcess host, RequestCount requests)
    {
        var (statements, transactions, busy, count) = (await host.CountStatementsAsync(), await TransactionsAsync(central), host.Busy, requests.Count);
        var connections = 0L;
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Watched; await Task.Delay(1_000))
            connections = Math.Max(connections, await central.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
        return new Seen(host.Bytes, await host.CountStatementsAsync() - statements, await TransactionsAsync(central) - transactions, host.Busy - busy, requests.Count - count, connections);
    }

    private static Task<long> TransactionsAsync(BenchDatabase central) => central.ScalarAsync<long>("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");

    private readonly record struct Seen(long Bytes, long Statements, long Transactions, TimeSpan Busy, long Requests, long Connections);
}
