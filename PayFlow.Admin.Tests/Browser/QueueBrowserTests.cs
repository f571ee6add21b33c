using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class QueueBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task A_dead_letter_is_mended_in_the_browser_and_goes_through()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var till = site.Chain.Tills[0];
        var refused = QueueReading.List(till.Path, new QueueFilter { Status = "FAILED" }).Single();
        Assert.True(refused.IsDeadLetter);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.QueueEntry(till.Id, refused.Table, refused.Key));

        // As it is it would only be refused again.
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Requeue the row" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Pending");
        await site.Chain.SyncAsync(CancellationToken.None);
        Assert.Equal("FAILED", QueueReading.List(till.Path, new QueueFilter { Table = refused.Table, Key = refused.Key }).Single().Status);

        await page.ReloadAsync();
        await ConsoleSite.GoToAsync(page, Urls.QueueEntry(till.Id, refused.Table, refused.Key));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Edit the row" }).ClickAsync();
        var field = page.GetByLabel("New value of birth_date");
        await field.FillAsync("1991-13-01");
        await field.PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^Change birth_date") }).ClickAsync();
        await Assertions.Expect(page.Locator(".field-error").Filter(new LocatorFilterOptions { HasText = "date" })).ToBeVisibleAsync();
        await Assertions.Expect(field).ToHaveValueAsync("1991-13-01");

        await field.FillAsync("1991-02-28");
        await field.PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^Change birth_date") }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Pending");
        await site.Chain.SyncAsync(CancellationToken.None);

        Assert.Equal(new DateOnly(1991, 2, 28), await site.ScalarAsync<DateOnly>("SELECT birth_date FROM public.customers WHERE phone = '+49 30 5550199'"));
        Assert.Empty(QueueReading.List(till.Path, new QueueFilter { Status = "FAILED" }));
    }
}
