using Microsoft.Playwright;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class OverviewBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task A_run_elsewhere_shows_on_an_open_page_without_a_reload()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, "/runs");
        await Assertions.Expect(page.Locator("table.list tbody tr").First).ToBeVisibleAsync();

        site.Chain.Sell(site.Chain.Tills[0], 2);
        await site.Chain.SyncAsync(CancellationToken.None);

        await Assertions.Expect(page.Locator(".new-items")).ToBeVisibleAsync();
        await page.Locator(".new-items").ClickAsync();
        await Assertions.Expect(page.Locator(".new-items")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_needs_somebody_leads_to_its_list()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, "/");

        await Assertions.Expect(page.Locator("[data-test=sentence]")).ToContainTextAsync("3 terminals");
        await Assertions.Expect(page.GetByText("1 row is refused")).ToBeVisibleAsync();
        await page.Locator("svg .rz-series-0, svg path").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        if (Environment.GetEnvironmentVariable("PAYFLOW_TEST_PICTURES") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "overview.png"), FullPage = true });
    }
}
