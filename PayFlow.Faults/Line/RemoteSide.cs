using Npgsql;
using PayFlow.Admin.Remote;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Host;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Faults.Line;

/// <summary>What a till elsewhere meets on its way to central: the line, and the host at its end.</summary>
internal sealed class RemoteSide(FaultyLine line, HostSlot host, string central, NpgsqlDataSource source)
{
    private const string Administrator = "faults";

    public FaultyLine Line => line;

    public HostSlot Host => host;

    public DeviceDesk Desk { get; } = new(source);

    public async Task StartHostAsync() => line.Host = await host.StartAsync(central);

    public async Task StopHostAsync()
    {
        line.Host = null;
        await host.StopAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillHostAsync()
    {
        line.Host = null;
        await host.KillAsync();
    }

    /// <summary>Makes a device of a till, by a one-time code for its id.</summary>
    public async Task<DeviceCredentials> RegisterAsync(IChainTill till) =>
        await RegisterAsync(till, await CodeAsync(till));

    public Task<DeviceCredentials> RegisterAsync(IChainTill till, string code) =>
        new Registration(till.File.Path).RegisterAsync(line.Address, code, null, null, CancellationToken.None);

    public Task<string> CodeAsync(IChainTill till) =>
        Desk.CreateCodeAsync(till.Id, null, new Dictionary<string, string> { ["store"] = ChainWorld.StoreOf(till) }, Administrator, CancellationToken.None);

    public Task RevokeAsync(IChainTill till) => Desk.RevokeAsync(till.Id, Administrator, null, CancellationToken.None);
}
