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

    private static async Task<long> FirstAsync(ConsoleSite site)
    {
        var page = await new ConflictDesk(site.Central).ListAsync(new ConflictFilter { Kind = ConflictKind.UpdateUpdate }, limit: 1);
        return Assert.Single(page.Conflicts).Id;
    }
}
