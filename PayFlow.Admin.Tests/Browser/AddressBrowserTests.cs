using Microsoft.Playwright;
using PayFlow.Admin.Components;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

/// <summary>What stands in the address: filters of any kind, and the ticked rows.</summary>
[Collection(BrowserTests.Name)]
public sealed class AddressBrowserTests(LookedAtSite site) : IClassFixture<LookedAtSite>
{
    private static readonly string[] Values = ["abc", "-1", "99999999999999999999", "9999-12-31T23:59:59Z", "<script>document.title='taken'</script>", "'; --", new('x', 2_000)];

    [Fact]
    public async Task Filters_of_nonsense_leave_a_page_that_works()
    {
        var page = await site.Site.PageAsync();
        var errors = new List<string>();
        page.PageError += (_, e) => errors.Add(e);
        foreach (var (list, names) in new[] { (Urls.RunList, "terminal since page"), (Urls.QueueList, "terminal status page"), (Urls.ConflictList, "kind state since sel"), (Urls.JobList, "tab schedule until sel"), (Urls.AuditList, "run since page"), (Urls.TerminalList, "status page"), (Urls.Overview, "span") })
        {
            foreach (var value in Values)
            {
                await ConsoleSite.GoToAsync(page, Urls.With(list, [.. names.Split(' ').Select(n => (n, (string?)value))]));
                Assert.Equal(0, await page.Locator("#blazor-error-ui:not([hidden])").CountAsync());
                Assert.Equal(0, await page.GetByText("This page failed").CountAsync());
                Assert.NotEqual("taken", await page.TitleAsync());
            }
        }
        // It answers still.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Conflicts", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Conflicts", Level = 1 }).WaitForAsync();
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Ticked_rows_survive_a_refresh_and_are_in_the_link_that_is_shared()
    {
        var page = await site.Site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.ConflictList);
        await page.Locator("tbody input[type=checkbox]").Nth(1).CheckAsync();
        await page.GetByText("1 selected").WaitForAsync();
        await page.WaitForURLAsync(url => url.Contains("sel=", StringComparison.Ordinal));

        await page.ReloadAsync();
        await page.Locator("html[data-interactive=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        Assert.True(await page.Locator("tbody input[type=checkbox]").Nth(1).IsCheckedAsync());
        Assert.False(await page.Locator("tbody input[type=checkbox]").Nth(0).IsCheckedAsync());

        var other = await site.Site.PageAsync();
        await ConsoleSite.GoToAsync(other, page.Url);
        await other.GetByText("1 selected").WaitForAsync();

        await other.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Clear the selection" }).ClickAsync();
        await other.WaitForURLAsync(url => !url.Contains("sel=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_queues_ticked_rows_are_in_the_address_too()
    {
        var page = await site.Site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.Queue(site.Site.Chain.Tills[0].Id));
        await page.GetByLabel("Select the page").CheckAsync();
        await page.WaitForURLAsync(url => url.Contains("sel=", StringComparison.Ordinal));

        await page.ReloadAsync();
        await page.Locator("html[data-interactive=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        Assert.True(await page.GetByLabel("Select the page").IsCheckedAsync());
    }
}
