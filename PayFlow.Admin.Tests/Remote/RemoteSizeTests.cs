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
