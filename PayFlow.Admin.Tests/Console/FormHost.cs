using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

/// <summary>A real host on a real central with a terminal, whose services pages under test use.</summary>
public sealed class FormHost : IAsyncLifetime
{
    private ConsoleHost? _host;
    private SyncFixture? _chain;

    internal SyncFixture Chain => _chain ?? throw new InvalidOperationException("It has not been made yet.");

    internal IServiceProvider Services => _host?.Host.Services ?? throw new InvalidOperationException("It has not been started yet.");

    public async Task InitializeAsync()
    {
        _chain = await SyncFixture.CreateAsync(Shop.Central, new TableMapEntry { Name = "products" }, new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull });
        await _chain.TillAsync("T1", Shop.Local);
        _host = await ConsoleHost.StartAsync(_chain.Database);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_chain is not null)
            await _chain.DisposeAsync();
    }
}
