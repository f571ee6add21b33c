using System.Collections.Concurrent;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>On a thin line sales go first: the order of what happens is looked at, not how long it takes.</summary>
public sealed class PriorityTests
{
    private const int Catalogue = 12_000;

    private const int Customers = 10_000;

    private static readonly TableMapEntry[] Map =
    [
        new() { Name = "orders", Priority = 1, Conflicts = ConflictPolicy.Merge },
        new() { Name = "order_items", Priority = 1, Conflicts = ConflictPolicy.Merge },
        new() { Name = "products", Priority = 3, Conflicts = ConflictPolicy.Merge },
        new() { Name = "customers", Priority = 5, Conflicts = ConflictPolicy.Merge },
    ];

    [Fact]
    public async Task A_sale_is_in_central_before_a_large_catalogue_has_come_down_and_the_load_goes_on_where_it_was()
    {
        await using var remote = await RemoteChain.CreateAsync(Map);
        await Shop.ProductsAsync(remote.Chain, Catalogue);
        var file = remote.File();
        var device = await remote.RegisterAsync("T1", file);
        var (pieces, atSale) = (0, 0L);
        remote.Way.Width = 250_000;
        remote.Way.Before = async path =>
        {
            if (path == SyncPaths.Rows && Interlocked.Increment(ref pieces) == 2)
                await SellAsync(file);
        };
        remote.Way.After = async path =>
        {
            if (path == SyncPaths.Upload && atSale == 0 && await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders") == 1)
                atSale = (long)file.Scalar("SELECT count(*) FROM products")!;
        };
        await RunUntilAsync(remote, file, device, () => Task.FromResult(atSale > 0));

        // Stopped right behind the sale, at the border of a piece, with nothing on its way.
        Assert.InRange(atSale, 1, Catalogue - 1);
        var loaded = (long)file.Scalar("SELECT count(*) FROM products")!;
        Assert.InRange(loaded, atSale, Catalogue - 1);
        Assert.Equal(0L, file.Scalar("SELECT count(*) FROM sync_queue WHERE batch_id IS NOT NULL"));
        (remote.Way.Before, remote.Way.Width, pieces) = (null, null, 0);
        remote.Way.After = path =>
        {
            pieces += path == SyncPaths.Rows ? 1 : 0;
            return Task.CompletedTask;
        };
        await remote.Agent(file, device).RunOnceAsync(CancellationToken.None);
        Assert.True(pieces > 0);
        await Shop.AssertConvergedAsync(remote.Chain, new Till("T1", file, null!, remote.Chain.SettledAsync));
    }

    [Fact]
    public async Task A_sale_overtakes_less_important_rows_that_go_up()
    {
        await using var remote = await RemoteChain.CreateAsync(Map);
        var file = remote.File();
        var device = await remote.RegisterAsync("T1", file);
        await remote.Agent(file, device).RunOnceAsync(CancellationToken.None);
        file.Execute($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Customers}) INSERT INTO customers SELECT printf('00000000-0000-0000-0000-%012d', i), 'Customer ' || i, NULL FROM n");
        var uploads = new ConcurrentQueue<(long Orders, long Customers)>();
        remote.Way.Before = async path =>
        {
            if (path == SyncPaths.Upload && uploads.Count == 1)
                await SellAsync(file);
        };
        remote.Way.After = async path =>
        {
            if (path == SyncPaths.Upload)
                uploads.Enqueue((await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"), await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM customers")));
        };
        await RunUntilAsync(remote, file, device, () => Task.FromResult(uploads.Any(u => u is { Orders: 1, Customers: Customers })));
        Assert.Contains(uploads, u => u is { Orders: 1, Customers: < Customers });
        remote.Way.Before = remote.Way.After = null;
        await remote.Agent(file, device).RunOnceAsync(CancellationToken.None);
        await Shop.AssertConvergedAsync(remote.Chain, new Till("T1", file, null!, remote.Chain.SettledAsync));
    }

    // Sells, and holds the line until the agent has noticed: what it does then is the question, not how soon a busy machine lets it look.
    private static async Task SellAsync(TerminalFile file)
    {
        file.Execute("INSERT INTO orders (number, total, status) VALUES ('s1', 100, 'open')");
        await Until.TrueAsync(() => Task.FromResult(AgentStatusFile.Read(file.Path)?.Waiting.Any(w => w.Priority == 1) == true));
    }

    private static async Task RunUntilAsync(RemoteChain remote, TerminalFile file, DeviceCredentials device, Func<Task<bool>> condition)
    {
        await using var agent = new TerminalAgent(file.Path, device, new AgentOptions { Interval = TimeSpan.FromHours(1), StopPatience = TimeSpan.FromMinutes(1) }, null, remote.Way.Handler());
        using var stop = new CancellationTokenSource();
        var failures = new ConcurrentQueue<SyncException>();
        agent.Failed += (failure, _) => failures.Enqueue(failure);
        var running = agent.RunAsync(stop.Token);
        await Until.TrueAsync(() => failures.TryPeek(out var failure) ? throw failure : condition());
        await stop.CancelAsync();
        await running;
    }
}
