using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote.Events;

/// <summary><c>GET /api/sync/events</c>: who is told what, and when it ends.</summary>
public sealed class EventEndpointTests
{
    private const string Ann = "11111111-1111-1111-1111-111111111111";

    [Fact]
    public async Task A_till_is_told_of_what_travels_down_to_it_and_others_made_once_and_without_contents()
    {
        await using var remote = await RemoteChain.CreateAsync(
            new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.Merge },
            new TableMapEntry { Name = "customers", Conflicts = ConflictPolicy.Manual },
            new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull },
            new TableMapEntry { Name = "order_items", Direction = SyncDirection.Pull });
        await Shop.ProductsAsync(remote.Chain, 3);
        await remote.Chain.Database.ExecuteAsync($"INSERT INTO customers VALUES ('{Ann}', 'Ann', '1')");
        var (one, own) = await remote.TillAsync("T1");
        var (two, other) = await remote.TillAsync("T2");
        await using var ear = await TillEar.OpenAsync(remote.Way.Host.Address, own.Key!);
        await using var neighbour = await TillEar.OpenAsync(remote.Way.Host.Address, other.Key!);
        Assert.Equal("Its agent is online.", (await remote.Way.Host.Host.Services.GetRequiredService<TerminalReader>().FindAsync("T1", CancellationToken.None))!.Standing.Why);

        // Its own sale is news to the other one only; that the order itself travels up alone is seen by the number of signals.
        one.Execute(Shop.Sale("s1", "p1"));
        await one.SyncAsync();
        await neighbour.HearsAsync("changed");
        await remote.Chain.Database.ExecuteAsync("INSERT INTO orders (number) VALUES ('central''s own'); UPDATE products SET price = price + 1");
        await Task.WhenAll(ear.HearsAsync("changed"), neighbour.HearsAsync("changed", 2));
        Assert.Equal(["ready", "changed"], ear.Heard);
        Assert.Equal(["ready", "changed", "changed"], neighbour.Heard);

        // A decision, for the till whose conflict it was.
        two.Execute("UPDATE customers SET phone = '2'");
        await remote.Chain.Database.ExecuteAsync("UPDATE customers SET phone = '3'");
        await ear.HearsAsync("changed", 2);
        await two.SyncAsync();
        var conflict = Assert.Single((await new ConflictDesk(remote.Chain.Source).ListAsync(new ConflictFilter())).Conflicts);
        await new ConflictResolver(remote.Chain.Source).ResolveAsync(conflict.Id, conflict.Version, new ConflictChoice { Fields = new Dictionary<string, FieldChoice> { ["phone"] = Dispute.Value("4") } }, "ada");
        await neighbour.HearsAsync("decision");
        Assert.DoesNotContain("decision", ear.Heard);

        // Another map is news to everybody.
        var before = ear.Heard.Count;
        var store = new TableMapStore(remote.Chain.Source);
        var stored = await store.LoadAsync(CancellationToken.None);
        await store.SaveAsync(new TableMap([.. stored.Map.Tables.Where(t => t.Name != "customers")]), null, CancellationToken.None);
        await Fixtures.Until.TrueAsync(() => Task.FromResult(ear.Heard.Count > before));
        Assert.DoesNotContain(ear.Heard.Concat(neighbour.Heard), h => h.StartsWith("contents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_ends_with_a_newer_one_of_the_device_with_its_key_and_with_the_host()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var device = await remote.RegisterAsync("T1", remote.File());
        var first = await TillEar.OpenAsync(remote.Way.Host.Address, device.Key!);
        await using var second = await TillEar.OpenAsync(remote.Way.Host.Address, device.Key!);
        await first.Over.WaitAsync(TimeSpan.FromSeconds(30));
        await first.DisposeAsync();

        await remote.RestartHostAsync();
        await second.Over.WaitAsync(TimeSpan.FromSeconds(30));

        await using var third = await TillEar.OpenAsync(remote.Way.Host.Address, device.Key!);
        await remote.Desk.RevokeAsync("T1", "ada", "stolen", CancellationToken.None);
        await third.Over.WaitAsync(TimeSpan.FromSeconds(30));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => TillEar.OpenAsync(remote.Way.Host.Address, device.Key!));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Tills_that_listen_hold_no_connection_to_central()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var ears = new List<TillEar>();
        for (var i = 0; i < 30; i++)
            ears.Add(await TillEar.OpenAsync(remote.Way.Host.Address, (await remote.RegisterAsync($"T{i}", remote.File())).Key!));
        await remote.Chain.Database.ExecuteAsync(Changed);
        await Task.WhenAll(ears.Select(e => e.HearsAsync("changed")));
        // The console's feed, the scheduler's, what the pool keeps for the next request: a handful, whoever listens.
        var open = await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");
        Assert.True(open < 15, $"{open} connections");
        foreach (var ear in ears)
            await ear.DisposeAsync();
    }

    // Of a table that no terminal has asked for yet nothing is logged: this is a map.
    private const string Changed = "UPDATE payflow.table_map SET name = name";
}
