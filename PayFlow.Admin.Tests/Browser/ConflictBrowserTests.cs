using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Sync.Engine.Central.Conflicts;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ConflictBrowserTests(Chromium chromium)
{
    [Fact]
    public async Task A_conflict_is_decided_field_by_field_with_keys_alone_and_arrives_in_both_databases()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var till = site.Chain.Tills[^1];
        var conflict = (await new ConflictDesk(site.Central).ListAsync(new ConflictFilter { Terminal = till.Id })).Conflicts.Single(c => c.Fields.Contains("phone"));
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.Conflict(conflict.Id));
        var save = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^Save") });
        await Assertions.Expect(save).ToBeDisabledAsync();
        await Assertions.Expect(save).ToContainTextAsync("1 field left");

        await PressUntilAsync(page, "1", save);
        await page.Keyboard.PressAsync("s");
        await Assertions.Expect(page.Locator("#decided")).ToBeVisibleAsync();

        const string Phone = "+49 30 5550123";
        Assert.Equal(Phone, await site.ScalarAsync<string>($"SELECT phone FROM public.customers WHERE id = '{conflict.Key}'"));
        await site.Chain.SyncAsync(CancellationToken.None);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = till.Path, Pooling = false }.ConnectionString);
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT phone || ' ' || (last_name LIKE '%-Schmidt') || ' ' || sync_status FROM customers WHERE server_id = $id";
        read.Parameters.AddWithValue("$id", conflict.Key);
        Assert.Equal($"{Phone} 1 SYNCED", read.ExecuteScalar());
    }

    [Fact]
    public async Task A_decision_about_what_has_moved_is_kept_and_the_change_is_shown()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var conflict = (await new ConflictDesk(site.Central).ListAsync(new ConflictFilter { Terminal = site.Chain.Tills[^1].Id })).Conflicts.Single(c => c.Fields.Contains("phone"));
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.Conflict(conflict.Id));
        await PressUntilAsync(page, "1", page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^Save") }));

        await using (var command = site.Central.CreateCommand($"UPDATE public.customers SET phone = '+49 30 1' WHERE id = '{conflict.Key}'"))
            await command.ExecuteNonQueryAsync();
        await page.Keyboard.PressAsync("s");

        await Assertions.Expect(page.GetByText("It changed while you looked.")).ToBeVisibleAsync();
        Assert.Equal("+49 30 1", await site.ScalarAsync<string>($"SELECT phone FROM public.customers WHERE id = '{conflict.Key}'"));
    }

    // The page listens to keys a moment after it is shown; a key that is pressed twice chooses the same.
    private static async Task PressUntilAsync(IPage page, string key, ILocator enabled)
    {
        for (var tries = 0; tries < 100 && await enabled.IsDisabledAsync(); tries++)
        {
            await page.Keyboard.PressAsync(key);
            await page.WaitForTimeoutAsync(100);
        }
        await Assertions.Expect(enabled).ToBeEnabledAsync();
    }
}
