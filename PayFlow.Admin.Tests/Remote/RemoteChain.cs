using PayFlow.Admin.Remote;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A central, the real host before it, and tills that know nothing but the host's address.</summary>
internal sealed class RemoteChain : IAsyncDisposable
{
    private readonly List<ConsoleHost> _hosts = [];
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<TerminalFile> _files = [];

    private RemoteChain(SyncFixture chain, ConsoleHost host)
    {
        Chain = chain;
        Way = new HostWay { Host = host };
        _hosts.Add(host);
    }

    public SyncFixture Chain { get; }

    public HostWay Way { get; }

    public DeviceDesk Desk => new(Chain.Source);

    public static Task<RemoteChain> CreateAsync(params TableMapEntry[] map) =>
        CreateAsync(Shop.Central, map.Length > 0 ? map : [.. new[] { "products", "customers", "orders", "order_items" }.Select(t => new TableMapEntry { Name = t, Conflicts = ConflictPolicy.Merge })]);

    /// <summary>A central with tables of its own.</summary>
    public static async Task<RemoteChain> CreateAsync(string centralSchema, IReadOnlyList<TableMapEntry> map, params string[] variables)
    {
        var chain = await SyncFixture.CreateAsync(centralSchema, [.. map]);
        return new RemoteChain(chain, await ConsoleHost.StartAsync(chain.Database, ["PAYFLOW_TOKEN_RATE_LIMIT=1000", "PAYFLOW_DEVICE_RATE_LIMIT=1000000", .. variables]));
    }

    /// <summary>Another host on the same central.</summary>
    public async Task<ConsoleHost> StartHostAsync(params string[] variables)
    {
        var host = await ConsoleHost.StartAsync(Chain.Database, variables);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Stops the host and starts another one, which remembers nothing.</summary>
    public async Task RestartHostAsync()
    {
        var old = Way.Host;
        Way.Host = await StartHostAsync();
        _hosts.Remove(old);
        await old.DisposeAsync();
    }

    public TerminalFile File(string schema = Shop.Local)
    {
        var file = new TerminalFile(schema);
        _files.Add(file);
        return file;
    }

    /// <summary>A registered device on a file.</summary>
    public async Task<DeviceCredentials> RegisterAsync(string id, TerminalFile file, IReadOnlyDictionary<string, string>? attributes = null) =>
        await new Registration(file.Path, Way.Handler()).RegisterAsync(Way.Host.Address, await Desk.CreateCodeAsync(id, null, attributes, "ada", CancellationToken.None), null, null, CancellationToken.None);

    public TerminalAgent Agent(TerminalFile file, DeviceCredentials device)
    {
        var options = new AgentOptions { Interval = TimeSpan.FromMilliseconds(50), FirstPause = TimeSpan.FromMilliseconds(20), Sync = Options };
        var agent = new TerminalAgent(file.Path, device, options, null, Way.Handler());
        _open.Add(agent);
        return agent;
    }

    /// <summary>A till that is registered, attached and loaded.</summary>
    public async Task<(Till Till, DeviceCredentials Device)> TillAsync(string id, IReadOnlyDictionary<string, string>? attributes = null, string schema = Shop.Local)
    {
        var file = File(schema);
        var device = await RegisterAsync(id, file, attributes);
        await using (var agent = new TerminalAgent(file.Path, device, new AgentOptions { Sync = Options }, null, Way.Handler()))
            await agent.RunOnceAsync(CancellationToken.None);
        var sync = new TerminalSync(file.Path, new HttpCentral(Line(device)), Options);
        _open.Add(sync);
        return (new Till(id, file, sync, Chain.SettledAsync), device);
    }

    public HostLine Line(DeviceCredentials device) => new(device.Host, device.Key, Way.Handler());

    private static SyncOptions Options => new() { TransientAttempts = 4, TransientDelay = TimeSpan.FromMilliseconds(20) };

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
            await open.DisposeAsync();
        foreach (var host in _hosts)
            await host.DisposeAsync();
        foreach (var file in _files)
            file.Dispose();
        await Chain.DisposeAsync();
    }
}
