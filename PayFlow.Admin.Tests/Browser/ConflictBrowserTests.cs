<<<<<<< HEAD
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Sync.Engine.Central.Conflicts;
=======
using Microsoft.Playwright;
>>>>>>> conflicts
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ConflictBrowserTests(Chromium chromium)
{
    [Fact]
<<<<<<< HEAD
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
=======
    public async Task A_conflict_is_decided_with_keys_only_and_both_databases_have_it()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var (id, terminal, table, key, field) = await FirstAsync(site);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, $"/conflicts/{id}");
        await Assertions.Expect(page.Locator("table.diff tbody tr[aria-current=true]")).ToBeVisibleAsync();
        var save = page.Locator("form.save button[type=submit]");
        await Assertions.Expect(save).ToBeDisabledAsync();
        await Assertions.Expect(save).ToContainTextAsync("left");

        // One key for each field in dispute, and one to the next.
        for (var i = await page.Locator("table.diff tr.open").CountAsync(); i > 0; i--)
        {
            await page.Keyboard.PressAsync("1");
            await Assertions.Expect(page.Locator("table.diff tr.open")).ToHaveCountAsync(i - 1);
            await page.Keyboard.PressAsync("ArrowDown");
        }
        await Assertions.Expect(page.Locator("#save-effect")).ToContainTextAsync("central");
        await page.Keyboard.PressAsync("s");

        await Assertions.Expect(page.Locator("#decided")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByText("undo it by rolling that run back")).ToBeVisibleAsync();
        await site.Chain.SyncAsync(CancellationToken.None);
        await Assertions.Expect(page.GetByText("taken over")).ToBeVisibleAsync();
        await using var command = site.Central.CreateCommand($"SELECT terminal -> '{field}' = resolved -> '{field}' FROM payflow.conflicts WHERE id = {id}");
        Assert.Equal(true, await command.ExecuteScalarAsync());
        await using var waits = site.Central.CreateCommand($"SELECT delivered_at IS NOT NULL FROM payflow.conflicts WHERE id = {id} AND terminal_id = '{terminal}' AND table_name = '{table}' AND coalesce(key, local_key) = '{key}'");
        Assert.Equal(true, await waits.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_value_of_ones_own_is_typed_checked_and_left()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var (id, _, _, _, _) = await FirstAsync(site);
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
    public async Task A_refused_row_is_mended_in_the_queue_and_goes()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, "/queue?status=FAILED");
        await Assertions.Expect(page.Locator("table.list tbody tr")).ToHaveCountAsync(1);
        await page.Locator("table.list tbody tr").GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Requeue 1 row" }).ClickAsync();
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();

        await Assertions.Expect(page.GetByText("is due at the next sync")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nothing matches this filter.")).ToBeVisibleAsync();
    }

    private static async Task<(long Id, string Terminal, string Table, string Key, string Field)> FirstAsync(ConsoleSite site)
    {
        await using var command = site.Central.CreateCommand("SELECT id, terminal_id, table_name, coalesce(key, local_key), fields[1] FROM payflow.conflicts WHERE state = 'OPEN' AND kind = 'update-update' ORDER BY id LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
>>>>>>> conflicts
    }
}
