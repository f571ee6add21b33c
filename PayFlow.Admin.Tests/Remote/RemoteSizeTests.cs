using Npgsql;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>Many tables, large rows, many tills at once.</summary>
public sealed class RemoteSizeTests
{
    [Fact]
    public async Task A_till_with_so_many_tables_that_their_places_fit_into_no_address_comes_in_step()
    {
        var names = Enumerable.Range(1, 120).Select(i => $"a_table_whose_name_is_as_long_as_postgresql_takes_one_at_all_{i:000}"[..63]).Select((n, i) => $"{n[..58]}_{i:000}").ToList();
        await using var remote = await RemoteChain.CreateAsync(string.Concat(names.Select(n => $"CREATE TABLE {n} (id text PRIMARY KEY, name text);\n")), [.. names.Select(n => new TableMapEntry { Name = n })]);
        var file = remote.File(string.Concat(names.Select(n => $"CREATE TABLE {n} (id TEXT PRIMARY KEY, name TEXT);\n")));
        var agent = remote.Agent(file, await remote.RegisterAsync("T1", file));
        Assert.True((await agent.RunOnceAsync(CancellationToken.None)).IsClean);
        await remote.Chain.Database.ExecuteAsync($"INSERT INTO {names[3]} VALUES ('1', 'new')");
        await remote.Chain.SettledAsync();
        Assert.True((await agent.RunOnceAsync(CancellationToken.None)).IsClean);
        Assert.Equal("new", file.Scalar($"SELECT name FROM {names[3]}"));
    }

    [Fact]
    public async Task Large_rows_come_down_in_pages_of_a_size_that_a_host_of_many_tills_can_keep()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, _) = await remote.TillAsync("T1");
        await remote.Chain.Database.ExecuteAsync("INSERT INTO products (id, sku, name, price, stock) SELECT 'p' || i, 'sku' || i, repeat('x', 500000), 1, 100 FROM generate_series(1, 50) i");
        await remote.Chain.SettledAsync();
        var asked = new List<string>();
        remote.Way.After = path => { asked.Add(path); return Task.CompletedTask; };
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(50L, till.Scalar("SELECT count(*) FROM products WHERE length(name) = 500000"));
        Assert.InRange(asked.Count(p => p == SyncPaths.Download), 4, 10);

        // Read again after a truncate: the rows that central has again are asked for by their keys first.
        await remote.Chain.Database.ExecuteAsync("CREATE TABLE kept AS TABLE products; TRUNCATE products CASCADE; INSERT INTO products SELECT * FROM kept WHERE id <> 'p7'");
        await remote.Chain.SettledAsync();
        asked.Clear();
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(49L, till.Scalar("SELECT count(*) FROM products WHERE length(name) = 500000"));
        Assert.InRange(asked.Count(p => p == SyncPaths.Fetch), 4, 20);
    }

    [Fact]
    public async Task A_row_that_a_proxy_does_not_let_through_fails_alone_and_goes_when_the_proxy_was_told()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, _) = await remote.TillAsync("T1");
        till.Execute("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
            INSERT INTO products (id, sku, name, stock) SELECT 'p' || i, 'sku' || i, hex(randomblob(10000)), 1 FROM n;
            INSERT INTO products (id, sku, name, stock) VALUES ('long', 'long', hex(randomblob(150000)), 1);
            """);
        remote.Way.MostBytes = 100_000;
        var report = await till.SyncAsync();
        Assert.Null(report.Error);
        Assert.Equal(["products/long"], report.DeadLetters.Select(d => $"{d.Table}/{d.Key}"));
        Assert.Contains("takes 293", report.DeadLetters[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["30"], await remote.Chain.TextsAsync("SELECT count(*)::text FROM products"));

        remote.Way.MostBytes = null;
        till.Execute("UPDATE sync_queue SET status = 'PENDING'");
        Assert.True((await till.SyncAsync()).IsClean);
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task A_row_that_a_proxy_lets_through_alone_is_no_dead_letter_because_a_batch_was_refused()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, _) = await remote.TillAsync("T1");
        // However well it is packed: the three are too long together, and none of them is by itself; the last one is longer than half of all.
        till.Execute("INSERT INTO products (id, sku, name, stock) VALUES ('a', 'a', hex(randomblob(37500)), 1), ('b', 'b', hex(randomblob(37500)), 1), ('c', 'c', hex(randomblob(80000)), 1)");
        remote.Way.MostBytes = 165_000;
        var report = await till.SyncAsync();
        Assert.Empty(report.DeadLetters.Select(d => d.Reason));
        Assert.True(report.IsClean);
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task A_row_that_is_too_long_is_measured_once_and_not_for_each_row_that_refers_to_it()
    {
        await using var remote = await RemoteChain.CreateAsync("CREATE TABLE pictures (id text PRIMARY KEY, body text); CREATE TABLE shelves (id text PRIMARY KEY, picture text REFERENCES pictures);",
            [new TableMapEntry { Name = "pictures", Priority = 5 }, new TableMapEntry { Name = "shelves", Priority = 1 }]);
        var (till, _) = await remote.TillAsync("T1", schema: "CREATE TABLE pictures (id TEXT PRIMARY KEY, body TEXT); CREATE TABLE shelves (id TEXT PRIMARY KEY, picture TEXT REFERENCES pictures);");
        till.Execute("""
            INSERT INTO pictures VALUES ('p', hex(randomblob(150000)));
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO shelves SELECT 's' || i, 'p' FROM n;
            """);
        remote.Way.MostBytes = 100_000;
        var report = await till.SyncAsync();
        Assert.Equal(1, report.Tables.Single(t => t.Table == "pictures").Failed);
        Assert.Equal(1L, till.Scalar("SELECT attempts FROM sync_queue WHERE entity_id = 'p'"));
    }

    [Fact]
    public async Task What_refuses_short_requests_too_makes_no_dead_letters()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, _) = await remote.TillAsync("T1");
        till.Execute("INSERT INTO products (id, sku, name, stock) VALUES ('a', 'a', hex(randomblob(10000)), 1), ('b', 'b', hex(randomblob(10000)), 1)");
        remote.Way.MostBytes = 5_000;
        var refused = await Assert.ThrowsAsync<Sync.Engine.SyncException>(till.SyncAsync);
        Assert.Equal((Sync.Engine.SyncErrorCode.TooLarge, false), (refused.Code, refused.IsTransient));
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM sync_queue WHERE status = 'FAILED'"));

        remote.Way.MostBytes = null;
        Assert.True((await till.SyncAsync()).IsClean);
        await Shop.AssertConvergedAsync(remote.Chain, till);
    }

    [Fact]
    public async Task More_tills_than_the_host_has_connections_begin_their_runs_at_once_and_all_of_them_do()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await using var source = PostgresSource.Create(new NpgsqlConnectionStringBuilder(remote.Chain.Database.ConnectionString) { MaxPoolSize = 3, Timeout = 5 }.ConnectionString);
        await using var runs = new RemoteRuns(source, new DeviceDesk(source), new StoredSettings(source, SyncSettings.Read(_ => null)), TimeProvider.System);
        var file = remote.File();
        using var database = Sync.Engine.Terminals.SqliteDatabase.Open(file.Path);
        var schema = new Sync.Engine.Terminals.TerminalStore(database).ReadSchema();
        var devices = Enumerable.Range(1, 12).Select(i => new Device(Guid.NewGuid(), $"T{i}")).ToList();
        foreach (var device in devices)
            await new TerminalRegistry(remote.Chain.Source).RegisterAsync(device.Terminal, null, null, null, CancellationToken.None);

        var answers = await Task.WhenAll(devices.Select(d => runs.OpenAsync(d, new OpenRequest { Terminal = d.Terminal, RunId = Guid.NewGuid(), SchemaVersion = "1", Schema = schema, IntervalSeconds = 60 }, CancellationToken.None)));
        Assert.All(answers, a => Assert.NotNull(a.Plan));
    }
}
