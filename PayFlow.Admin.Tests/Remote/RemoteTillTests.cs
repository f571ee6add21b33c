using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A till elsewhere syncs over HTTP by the same engine: real host, real PostgreSQL, real SQLite, real connections.</summary>
public sealed class RemoteTillTests
{
    private const string Ann = "11111111-1111-1111-1111-111111111111";

    [Fact]
    public async Task A_till_elsewhere_sells_without_a_line_and_comes_in_step_both_ways_when_it_is_back()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 30);
        var file = remote.File();
        // From before the till knew of any central.
        file.Execute("INSERT INTO orders (number, total, status) VALUES ('old', 5, 'paid')");
        var device = await remote.RegisterAsync("T1", file);
        var agent = remote.Agent(file, device);
        Assert.True((await agent.RunOnceAsync(CancellationToken.None)).IsClean);
        Assert.Equal(30L, file.Scalar("SELECT count(*) FROM products"));
        Assert.Equal(["old"], await remote.Chain.TextsAsync("SELECT number FROM orders"));

        remote.Way.IsCut = true;
        for (var i = 1; i <= 20; i++)
            file.Execute(Shop.Sale($"T1-{i}", $"p{i}"));
        await remote.Chain.Database.ExecuteAsync("UPDATE products SET price = price + 1; INSERT INTO customers VALUES (gen_random_uuid(), 'Bob', '7')");
        var failed = await Assert.ThrowsAsync<SyncException>(() => agent.RunOnceAsync(CancellationToken.None));
        Assert.Equal((SyncErrorCode.CentralUnavailable, true), (failed.Code, failed.IsTransient));
        remote.Way.IsCut = false;
        await remote.Chain.SettledAsync();
        Assert.Equal(RunStatus.Synced, (await agent.RunOnceAsync(CancellationToken.None)).Status);

        await Shop.AssertConvergedAsync(remote.Chain, new Till("T1", file, null!, remote.Chain.SettledAsync));
        Assert.Equal(21L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        // What it moved is in the log of runs as it is of a till beside the host: 20 orders, 20 items and 20 stocks up, which bring the new prices with them; 10 prices and a customer down.
        Assert.Equal(71L, await remote.Chain.Database.ScalarAsync<long>("SELECT records_count FROM payflow.sync_log WHERE sync_type = 'agent' ORDER BY started_at DESC LIMIT 1"));
        Assert.Equal("pull pull pull push push", await remote.Chain.Database.ScalarAsync<string>("SELECT string_agg(t.direction, ' ' ORDER BY t.direction, t.table_name) FROM payflow.sync_log_tables t JOIN payflow.sync_log l ON l.id = t.run_id WHERE t.inserted + t.updated > 0 AND l.sync_type = 'agent' AND l.records_count = 71"));
    }

    [Fact]
    public async Task A_till_elsewhere_and_one_beside_the_host_see_each_others_sales()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (far, _) = await remote.TillAsync("FAR");
        var near = await remote.Chain.TillAsync("NEAR", Shop.Local);
        await near.SyncAsync();
        far.Execute(Shop.Sale("far", "p1"));
        near.Execute(Shop.Sale("near", "p2"));
        foreach (var till in new[] { far, near, far })
            await till.SyncAsync();
        await Shop.AssertConvergedAsync(remote.Chain, far, near);
    }

    [Fact]
    public async Task A_conflict_opens_in_central_and_its_decision_comes_down()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await remote.Chain.Database.ExecuteAsync($"INSERT INTO customers VALUES ('{Ann}', 'Ann', '1')");
        var (till, _) = await remote.TillAsync("T1");
        till.Execute("UPDATE customers SET phone = '2'");
        await remote.Chain.Database.ExecuteAsync("UPDATE customers SET phone = '3'");
        Assert.Equal(RunStatus.Conflict, (await till.SyncAsync()).Status);
        Assert.Equal(["CONFLICT"], till.Texts("SELECT status FROM sync_queue"));

        var conflict = Assert.Single((await new ConflictDesk(remote.Chain.Source).ListAsync(new ConflictFilter())).Conflicts);
        await new ConflictResolver(remote.Chain.Source).ResolveAsync(conflict.Id, conflict.Version, new ConflictChoice { Fields = new Dictionary<string, FieldChoice> { ["phone"] = Dispute.Value("4") } }, "ada");

        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal("4", till.Scalar("SELECT phone FROM customers"));
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task An_upload_whose_answer_is_lost_is_applied_once()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (till, _) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        var lost = 0;
        remote.Way.After = path => path == SyncPaths.Upload && lost++ == 0 ? throw new HttpRequestException("The answer is lost.") : Task.CompletedTask;
        await till.SyncAsync();

        Assert.Equal(1, lost);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task An_upload_that_arrives_twice_is_applied_once_and_answered_alike()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (till, _) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1", 3));
        remote.Way.Doubled = SyncPaths.Upload;
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(97, await remote.Chain.Database.ScalarAsync<int>("SELECT stock FROM products WHERE id = 'p1'"));
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task A_run_is_opened_once_whoever_repeats_its_beginning_and_a_late_copy_ends_no_later_run()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (till, device) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        remote.Way.Doubled = SyncPaths.Open;
        var opened = 0;
        remote.Way.After = path => { remote.Way.Doubled = path == SyncPaths.Open && ++opened == 1 ? null : remote.Way.Doubled; return Task.CompletedTask; };
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(2, opened);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));

        var (earlier, later) = (HelloOf(till), HelloOf(till));
        await using (var central = new HttpCentral(remote.Line(device)))
        {
            await central.OpenAsync(earlier, CancellationToken.None);
            await central.OpenAsync(later, CancellationToken.None);
            await using var copy = new HttpCentral(remote.Line(device));
            var refused = await Assert.ThrowsAsync<SyncException>(() => copy.OpenAsync(earlier, CancellationToken.None));
            Assert.Equal((SyncErrorCode.Busy, true), (refused.Code, refused.IsTransient));
            await central.PositionAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData(SyncPaths.Upload)]
    [InlineData(SyncPaths.Advance)]
    [InlineData(SyncPaths.Download)]
    [InlineData(SyncPaths.Close)]
    public async Task A_host_that_is_started_anew_in_the_middle_of_a_run_costs_a_new_run_and_nothing_else(string step)
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (till, _) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        await remote.Chain.Database.ExecuteAsync("UPDATE products SET price = 9");
        var restarted = 0;
        remote.Way.Before = path => path == step && restarted++ == 0 ? remote.RestartHostAsync() : Task.CompletedTask;
        await till.SyncAsync();

        Assert.True(restarted > 1 || step == SyncPaths.Close);
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task A_large_table_comes_down_piece_by_piece_and_goes_on_where_the_line_broke()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 25_000);
        var file = remote.File();
        var agent = remote.Agent(file, await remote.RegisterAsync("T1", file));
        var pieces = 0;
        remote.Way.After = path => path == SyncPaths.Rows && ++pieces == 3 ? throw new HttpRequestException("The line broke.") : Task.CompletedTask;
        await agent.RunOnceAsync(CancellationToken.None);

        Assert.Equal(25_000L, file.Scalar("SELECT count(*) FROM products"));
        Assert.True(pieces >= 4);
        await Shop.AssertConvergedAsync(remote.Chain, new Till("T1", file, null!, remote.Chain.SettledAsync));
    }

    [Fact]
    public async Task Between_two_requests_a_run_holds_neither_lock_nor_connection()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (till, _) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        var held = new List<long>();
        remote.Way.Before = async _ => held.Add(await remote.Chain.Database.ScalarAsync<long>("""
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1346786137 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """));
        await till.SyncAsync();
        Assert.True(held.Count > 4);
        Assert.All(held, count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task A_request_of_a_run_that_another_one_has_followed_does_nothing_whichever_host_it_reaches()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 5);
        var (till, device) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        var (first, second) = (remote.Way.Host, await remote.StartHostAsync());
        // In the middle of the upload's way another run begins and ends on the other host, and this one arrives late.
        var overtaken = false;
        remote.Way.Before = async path =>
        {
            if (path != SyncPaths.Upload || overtaken)
                return;
            overtaken = true;
            remote.Way.Host = second;
            await using (var other = new HttpCentral(remote.Line(device)))
                await other.OpenAsync(HelloOf(till), CancellationToken.None);
            remote.Way.Host = first;
        };
        var refused = new List<string>();
        remote.Way.After = async path =>
        {
            if (path == SyncPaths.Upload && refused.Count == 0)
                refused.Add(await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders") == 0 ? "nothing" : "applied");
        };
        await till.SyncAsync();

        Assert.True(overtaken);
        Assert.Equal(["nothing"], refused);
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    private static Hello HelloOf(Till till)
    {
        using var database = Sync.Engine.Terminals.SqliteDatabase.Open(till.File.Path);
        return new Hello { Terminal = till.Id, RunId = Guid.NewGuid(), Schema = new Sync.Engine.Terminals.TerminalStore(database).ReadSchema(), SchemaVersion = "1" };
    }
}
