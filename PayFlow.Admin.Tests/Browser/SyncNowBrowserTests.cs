using Microsoft.Playwright;
using PayFlow.Admin.Components;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class SyncNowBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task Sync_now_sends_what_a_till_has_sold_and_both_sessions_that_look_see_the_run()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium, hasTrouble: false);
        var till = site.Chain.Tills[0];
        var before = await site.ScalarAsync<long>("SELECT count(*) FROM public.orders");
        var sold = site.Chain.Sell(till, 3);
        var (acting, looking) = (await site.PageAsync(), await site.PageAsync());
        await ConsoleSite.GoToAsync(looking, Urls.Runs(trigger: "manual"));
        await ConsoleSite.GoToAsync(acting, Urls.Terminal(till.Id));

        await acting.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"Sync {till.Id} now" }).ClickAsync();

        await Assertions.Expect(acting.Locator(".asked")).ToContainTextAsync("Succeeded");
        await Assertions.Expect(acting.Locator(".asked a").Filter(new LocatorFilterOptions { HasText = "its run" })).ToBeVisibleAsync();
        Assert.Equal(before + sold, await site.ScalarAsync<long>("SELECT count(*) FROM public.orders"));
        var shown = looking.Locator(".new-items");
        if (await shown.CountAsync() > 0)
            await shown.ClickAsync();
        await Assertions.Expect(looking.Locator("table.list tbody tr").Filter(new LocatorFilterOptions { HasText = till.Id })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_viewer_sees_and_may_not_act()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync("Viewer");
        await ConsoleSite.GoToAsync(page, Urls.Terminal(site.Chain.Tills[0].Id));

        var button = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"Sync {site.Chain.Tills[0].Id} now" });
        await Assertions.Expect(button).ToBeDisabledAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("title", "This needs the role Operator or Admin.");
        await page.GotoAsync(Urls.UserList);
        await Assertions.Expect(page.Locator("table.list")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_that_is_open_while_the_host_restarts_goes_on_by_itself()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.RunList);

        await site.StopAsync();
        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await site.StartAsync();

        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 60_000 });
        await page.Locator("html[data-interactive=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        await page.Locator("select").First.SelectOptionAsync("store");
        await Assertions.Expect(page.Locator("table.list tbody tr").First).ToBeVisibleAsync();
    }
}
