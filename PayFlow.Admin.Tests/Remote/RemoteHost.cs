using PayFlow.Sync.Engine.Http;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A host with one registered till, for tests that leave nothing behind.</summary>
public sealed class RemoteHost : IAsyncLifetime
{
    private RemoteChain? _chain;
    private DeviceCredentials? _device;

    internal RemoteChain Chain => _chain ?? throw new InvalidOperationException("It has not been made yet.");

    internal DeviceCredentials Device => _device ?? throw new InvalidOperationException("It has not been registered yet.");

    public async Task InitializeAsync()
    {
        _chain = await RemoteChain.CreateAsync();
        (_, _device) = await _chain.TillAsync("T1");
    }

    public async Task DisposeAsync()
    {
        if (_chain is not null)
            await _chain.DisposeAsync();
    }
}
