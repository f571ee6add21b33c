using System.Net;
using System.Text.Json;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A device is one terminal, whatever it sends.</summary>
public sealed class DeviceTests
{
    private static readonly string[] Posts =
        [SyncPaths.Open, SyncPaths.Advance, SyncPaths.Upload, SyncPaths.Decisions, SyncPaths.Delivered, SyncPaths.Count, SyncPaths.Rows, SyncPaths.Fetch, SyncPaths.Stamped, SyncPaths.Audit, SyncPaths.Close];

    [Fact]
    public async Task A_device_cannot_act_for_another_terminal_at_any_address()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 2);
        var (one, own) = await remote.TillAsync("T1");
        var (_, other) = await remote.TillAsync("T2");
        var run = Guid.NewGuid();
        await using var central = new HttpCentral(remote.Line(own));
        await DeviceCalls.OpenAsync(remote, own, run);
        var before = await DeviceCalls.StateAsync(remote);

        using var client = DeviceCalls.Client(remote, other.Key!);
        client.DefaultRequestHeaders.Add(HostLine.RunHeader, run.ToString());
        foreach (var (path, body) in Bodies(run))
        {
            using var answer = await client.PostAsync(path, DeviceCalls.Digested(body));
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Conflict, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        foreach (var path in new[] { $"{SyncPaths.Result}?batch={Guid.NewGuid()}", SyncPaths.Position, $"{SyncPaths.Download}?token={SyncToken.Write(new Dictionary<string, LogPosition> { ["products"] = default })}" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }
        Assert.Equal(before, await DeviceCalls.StateAsync(remote));
        Assert.Empty(one.Texts("SELECT 1 FROM sync_queue"));
    }

    [Fact]
    public async Task A_key_that_is_wrong_missing_or_revoked_opens_nothing()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, device) = await remote.TillAsync("T1");
        await remote.Desk.RevokeAsync("T1", "ada", "stolen", CancellationToken.None);
        foreach (var key in new[] { device.Key!, "wrong", "", new string('x', 5_000) })
        {
            using var client = DeviceCalls.Client(remote, key);
            foreach (var path in Posts)
            {
                using var answer = await client.PostAsync(path, DeviceCalls.Json("{}"));
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }
            using var download = await client.GetAsync(SyncPaths.Download);
            Assert.Equal(HttpStatusCode.Unauthorized, download.StatusCode);
        }
        var refused = await Assert.ThrowsAsync<SyncException>(() => till.Sync.RunAsync());
        Assert.Equal((SyncErrorCode.NotPermitted, false), (refused.Code, refused.IsTransient));
        Assert.Contains("payflow terminals code", refused.Hint, StringComparison.Ordinal);
        // An agent that runs on its own ends, and says why.
        var agent = remote.Agent(till.File, device);
        var failures = new List<string>();
        remote.Way.Before = path => { failures.Add("sent " + path); return Task.CompletedTask; };
        remote.Way.After = path => { failures.Add("answered " + path); return Task.CompletedTask; };
        agent.Synced += report => failures.Add("synced " + report.Status);
        agent.Failed += (failure, _) => failures.Add(failure.ToString());
        var ended = await Record.ExceptionAsync(() => agent.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(45)));
        Assert.True(ended is SyncException, string.Join('\n', failures));
    }

    [Fact]
    public async Task A_key_that_is_revoked_in_the_middle_of_a_run_ends_it_and_a_new_code_lets_the_same_file_go_on()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 2);
        var (till, _) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        remote.Way.Before = path => path == SyncPaths.Upload ? remote.Desk.RevokeAsync("T1", "ada", null, CancellationToken.None) : Task.CompletedTask;
        var refused = await Assert.ThrowsAsync<SyncException>(() => till.Sync.RunAsync());
        Assert.Equal(SyncErrorCode.NotPermitted, refused.Code);
        Assert.Equal(0L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));

        remote.Way.Before = null;
        var device = await remote.RegisterAsync("T1", till.File);
        await remote.Agent(till.File, device).RunOnceAsync(CancellationToken.None);
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task A_key_opens_nothing_else_of_the_console_and_a_user_nothing_of_a_device()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (_, device) = await remote.TillAsync("T1");
        using var client = DeviceCalls.Client(remote, device.Key!);
        foreach (var path in new[] { "/metrics", "/", "/users", "/openapi/v1.json" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        // Where both may ask, each sees what is its own.
        using var status = JsonDocument.Parse(await client.GetStringAsync(SyncPaths.Status));
        Assert.Equal("T1", status.RootElement.GetProperty("terminal").GetString());
        Assert.Equal(["lastRun", "lastSeenAt", "lastStatus", "name", "openConflicts", "terminal", "time", "waitingDecisions"], status.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        using var trigger = await client.PostAsync("/api/sync/trigger", null);
        Assert.Equal(HttpStatusCode.Forbidden, trigger.StatusCode);
        await remote.Way.Host.WithUsersAsync();
        using var admin = await remote.Way.Host.ApiAsync(Roles.Admin);
        using var open = await admin.PostAsync(SyncPaths.Open, DeviceCalls.Json("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, open.StatusCode);
    }

    [Fact]
    public async Task A_device_reads_only_its_own_rows_and_writes_only_tables_that_travel_up()
    {
        await using var remote = await RemoteChain.CreateAsync(
            new TableMapEntry { Name = "products", Direction = SyncDirection.Push },
            new TableMapEntry { Name = "customers", Filter = "name = {terminal.customer}" },
            new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull });
        await Shop.ProductsAsync(remote.Chain, 2);
        await remote.Chain.Database.ExecuteAsync("INSERT INTO customers VALUES (gen_random_uuid(), 'Ann', '1'), (gen_random_uuid(), 'Bob', '2'); INSERT INTO orders (number) VALUES ('of another')");
        var (till, device) = await remote.TillAsync("T1", new Dictionary<string, string> { ["customer"] = "Ann" });
        Assert.Equal(["Ann"], till.Texts("SELECT name FROM customers"));
        var run = Guid.NewGuid();
        var plan = await DeviceCalls.OpenAsync(remote, device, run);
        using var line = remote.Line(device);

        var bob = (await remote.Chain.TextsAsync("SELECT id FROM customers WHERE name = 'Bob'"))[0]!;
        var rows = await line.PostAsync(SyncPaths.Fetch, run, new FetchRequest("customers", [bob]), WireContext.Wire.FetchRequest, WireContext.Wire.RowsAnswer, CancellationToken.None);
        Assert.Null(Assert.Single(rows.Rows).Values);
        await AssertRefusedAsync(SyncErrorCode.NotPermitted, () => line.PostAsync(SyncPaths.Rows, run, new RowsRequest("orders"), WireContext.Wire.RowsRequest, WireContext.Wire.RowsAnswer, CancellationToken.None));
        await AssertRefusedAsync(SyncErrorCode.InvalidConfiguration, () => line.PostAsync(SyncPaths.Rows, run, new RowsRequest("pg_authid"), WireContext.Wire.RowsRequest, WireContext.Wire.RowsAnswer, CancellationToken.None));
        var products = plan.Find("products")!;
        var batch = new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run,
            Sections = [new TableSection { Table = "products", Columns = [.. products.Columns.Select(c => c.Terminal.Name)], Rows = [new RowChange { Key = "p1", Base = [.. products.Columns.Select(_ => CellValue.Null)] }] }],
        };
        await AssertRefusedAsync(SyncErrorCode.NotPermitted, () => line.PostAsync(SyncPaths.Upload, run, batch.Sealed(), WireContext.Wire.ChangeBatch, WireContext.Wire.UploadResult, CancellationToken.None));
        var odd = batch with { Sections = [batch.Sections[0] with { Table = "customers", Columns = ["id"] }] };
        await AssertRefusedAsync(SyncErrorCode.SchemaMismatch, () => line.PostAsync(SyncPaths.Upload, run, odd.Sealed(), WireContext.Wire.ChangeBatch, WireContext.Wire.UploadResult, CancellationToken.None));
        Assert.Equal(2L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM products"));
    }

    [Fact]
    public async Task Of_a_table_that_only_travels_down_a_device_makes_and_learns_nothing_by_rows_that_it_says_are_only_to_be_linked()
    {
        await using var remote = await RemoteChain.CreateAsync(
            new TableMapEntry { Name = "products", Direction = SyncDirection.Push, Filter = "sku = {terminal.sku}" },
            new TableMapEntry { Name = "orders", Direction = SyncDirection.Push, Filter = "number = {terminal.sku}" });
        await Shop.ProductsAsync(remote.Chain, 2);
        await remote.Chain.Database.ExecuteAsync("INSERT INTO orders (number, total) VALUES ('of another', 7)");
        var another = (await remote.Chain.TextsAsync("SELECT id FROM orders"))[0]!;
        var (_, device) = await remote.TillAsync("T1", new Dictionary<string, string> { ["sku"] = "sku1" });
        var run = Guid.NewGuid();
        var plan = await DeviceCalls.OpenAsync(remote, device, run);
        using var line = remote.Line(device);
        TableSection Section(string table, params RowChange[] rows) =>
            new() { Table = table, IsLinkOnly = true, Columns = [.. plan.Find(table)!.Columns.Select(c => c.Terminal.Name)], Rows = rows };
        CellValue[] Row(string table, string key) => [.. plan.Find(table)!.Columns.Select(c => c.IsKey ? CellValue.Of(key) : c.Terminal.Name is "sku" or "name" or "number" ? CellValue.Of("mine") : CellValue.Null)];

        var batch = new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run,
            Sections =
            [
                Section("products", [.. new[] { "p1", "p2", "new" }.Select(k => new RowChange { Key = k, Values = Row("products", k) }), new RowChange { Key = "p3", Values = Row("products", "p3"), Base = Row("products", "p3") }]),
                Section("orders", new RowChange { Key = "1", ServerKey = another, Values = Row("orders", "1") }, new RowChange { Key = "2", ServerKey = Guid.NewGuid().ToString(), Values = Row("orders", "2") }),
            ],
        };
        var result = await line.PostAsync(SyncPaths.Upload, run, batch.Sealed(), WireContext.Wire.ChangeBatch, WireContext.Wire.UploadResult, CancellationToken.None);

        // Its own row is told, nobody else's.
        Assert.Equal(["p1"], result.Sections.SelectMany(s => s.Outcomes).Where(o => o.Central is not null).Select(o => o.Key));
        Assert.Equal([RowStatus.Skipped], result.Sections[1].Outcomes.Select(o => o.Status).Distinct());
        Assert.Equal(["p1 Product 1", "p2 Product 2"], await remote.Chain.TextsAsync("SELECT id || ' ' || name FROM products ORDER BY 1"));
        Assert.Equal(["of another"], await remote.Chain.TextsAsync("SELECT number FROM orders"));
    }

    private static IEnumerable<(string Path, string Body)> Bodies(Guid run)
    {
        var now = DateTimeOffset.UnixEpoch;
        var wire = WireContext.Wire;
        yield return (SyncPaths.Open, JsonSerializer.Serialize(new OpenRequest { Terminal = "T1", RunId = run, SchemaVersion = "1", Schema = new DatabaseSchema([]) }, wire.OpenRequest));
        yield return (SyncPaths.Advance, JsonSerializer.Serialize(new AdvanceRequest(1, 2, run), wire.AdvanceRequest));
        yield return (SyncPaths.Upload, JsonSerializer.Serialize(new ChangeBatch { Id = run, RunId = run, Sections = [] }.Sealed(), wire.ChangeBatch));
        yield return (SyncPaths.Decisions, "[]");
        yield return (SyncPaths.Delivered, """{"conflicts":[1]}""");
        yield return (SyncPaths.Count, """{"table":"products"}""");
        yield return (SyncPaths.Rows, """{"table":"products"}""");
        yield return (SyncPaths.Fetch, """{"table":"products","keys":["p1"]}""");
        yield return (SyncPaths.Stamped, """{"table":"products","after":{},"limit":1}""");
        yield return (SyncPaths.Audit, """{"actor":"x","action":"queue.discard","detail":"{}"}""");
        yield return (SyncPaths.Close, JsonSerializer.Serialize(new RunReport { RunId = run, Terminal = "T1", Status = RunStatus.Synced, StartedAt = now, CompletedAt = now }, wire.RunReport));
        yield return (SyncPaths.Close, JsonSerializer.Serialize(new RunReport { RunId = run, Terminal = "T2", Status = RunStatus.Synced, StartedAt = now, CompletedAt = now }, wire.RunReport));
    }

    private static async Task AssertRefusedAsync(SyncErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<SyncException>(call)).Code);
}
