using Microsoft.Playwright;
using PayFlow.Screenshots;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

/// <summary>The machine's own Chromium, started once for all tests that drive a browser.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private ConsoleBrowser? _chromium;

    public IBrowser Browser => _chromium?.Browser ?? throw new InvalidOperationException("The browser has not been started.");

    public async Task InitializeAsync() => _chromium = await ConsoleBrowser.LaunchAsync();

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
    }
}
