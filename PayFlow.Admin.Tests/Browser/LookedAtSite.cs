using Xunit;

namespace PayFlow.Admin.Tests.Browser;

/// <summary>A site that tests only look at, made once for all of a class.</summary>
public sealed class LookedAtSite : IAsyncLifetime
{
    private readonly Chromium _chromium = new();
    private ConsoleSite? _site;

    internal ConsoleSite Site => _site ?? throw new InvalidOperationException("The site has not been opened.");

    public async Task InitializeAsync()
    {
        await _chromium.InitializeAsync();
        _site = await ConsoleSite.OpenAsync(_chromium);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        await _chromium.DisposeAsync();
    }
}
