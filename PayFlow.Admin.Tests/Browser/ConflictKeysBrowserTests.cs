using Microsoft.Playwright;
using PayFlow.Sync.Engine.Central.Conflicts;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ConflictKeysBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task A_value_of_ones_own_is_typed_checked_and_left()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var id = await FirstAsync(site);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, $"/conflicts/{id}");
        await Assertions.Expect(page.Locator("table.diff tbody tr[aria-current=true]")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("e");
        await Assertions.Expect(page.Locator("#own-0")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("n1 e s");
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page.Locator("#own-0")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("table.diff tr.open").First).ToBeVisibleAsync();
        Assert.EndsWith($"/conflicts/{id}", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dialogs_and_open_fields_have_no_serious_finding_light_or_dark()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, $"/conflicts/{await FirstAsync(site)}");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Own value …" }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".own input, .own textarea").First).ToBeVisibleAsync();
        Assert.Empty(await AccessibilityTests.FindingsInBothAsync(page));

        await ConsoleSite.GoToAsync(page, "/conflicts");
        await page.GetByLabel("Select the page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Decide them" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Whose word counts?")).ToBeVisibleAsync();
        Assert.Empty(await AccessibilityTests.FindingsInBothAsync(page));

        await ConsoleSite.GoToAsync(page, "/queue?status=FAILED");
        await page.Locator("table.list tbody tr").First.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Discard 1 row" }).ClickAsync();
        await Assertions.Expect(page.Locator(".discard-steps")).ToBeVisibleAsync();
        Assert.Empty(await AccessibilityTests.FindingsInBothAsync(page));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await page.Locator("table.list tbody tr a").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Edit the row" }).ClickAsync();
        await Assertions.Expect(page.Locator("[aria-label^='New value of']").First).ToBeVisibleAsync();
        Assert.Empty(await AccessibilityTests.FindingsInBothAsync(page));
    }

    private static async Task<long> FirstAsync(ConsoleSite site)
    {
        var page = await new ConflictDesk(site.Central).ListAsync(new ConflictFilter { Kind = ConflictKind.UpdateUpdate }, limit: 1);
        return Assert.Single(page.Conflicts).Id;
    }
}
