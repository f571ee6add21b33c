using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Admin.Security;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class UsersBrowserTests(Chromium chromium) : IAsyncLifetime
{
    private const string NewPassword = "a sentence that is long enough";

    private ConsoleSite _site = null!;

    public async Task InitializeAsync() => _site = await ConsoleSite.OpenAsync(chromium, hasTrouble: false);

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Somebody_is_invited_sets_a_password_gets_another_role_and_is_removed()
    {
        var admin = await _site.PageAsync();
        await ConsoleSite.GoToAsync(admin, Urls.UserList);
        await admin.Locator("#invite-email").FillAsync("no address");
        await Button(admin, "Invite").ClickAsync();
        await Assertions.Expect(admin.Locator("#invite-trouble")).ToContainTextAsync("no e-mail address");
        await admin.Locator("#invite-email").FillAsync("anna@chain.example");
        await Button(admin, "Invite").ClickAsync();
        var link = await admin.Locator(".one-time-link").InnerTextAsync();

        var anna = await _site.StrangersPageAsync();
        await anna.GotoAsync(link);
        await anna.Locator("#password").FillAsync(NewPassword);
        await anna.Locator("#repeated").FillAsync(NewPassword);
        await Button(anna, "Set the password").ClickAsync();
        await anna.WaitForURLAsync(u => new Uri(u).AbsolutePath == "/");
        await anna.GotoAsync(Urls.UserList);
        await Assertions.Expect(anna.Locator("h1")).ToHaveTextAsync("Not allowed");

        await admin.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "anna@chain.example" }).ClickAsync();
        await admin.GetByLabel("New role").SelectOptionAsync(Roles.Operator);
        await Button(admin, "Change the role").ClickAsync();
        await Assertions.Expect(admin.Locator("dl.facts")).ToContainTextAsync("Operator: also syncs");
        await Button(admin, "Remove …").ClickAsync();
        await admin.Locator("dialog[open] input").FillAsync("anna@chain.example");
        await Button(admin, "Remove the user").ClickAsync();
        await admin.WaitForURLAsync("**/users");
        Assert.Equal(0, await _site.ScalarAsync<long>("SELECT count(*) FROM console.users WHERE email = 'anna@chain.example'"));
        Assert.Equal("user.invite user.password user.sign-in user.role user.delete", await _site.ScalarAsync<string>("SELECT string_agg(action, ' ' ORDER BY id) FROM payflow.audit WHERE key = 'anna@chain.example'"));

        await ConsoleSite.GoToAsync(admin, Urls.Audit(key: "anna@chain.example", action: "user.role"));
        await Assertions.Expect(admin.Locator(".audit-facts")).ToContainTextAsync("Viewer");
    }

    [Fact]
    public async Task The_last_administrator_is_told_why_they_stay()
    {
        var admin = await _site.PageAsync();
        await ConsoleSite.GoToAsync(admin, Urls.User(await _site.ScalarAsync<Guid>("SELECT id FROM console.users")));
        await admin.GetByLabel("New role").SelectOptionAsync(Roles.Viewer);
        await Button(admin, "Change the role").ClickAsync();
        await Assertions.Expect(admin.GetByRole(AriaRole.Alert)).ToContainTextAsync("is the last administrator");
        await Assertions.Expect(admin.GetByRole(AriaRole.Alert)).ToContainTextAsync("Make somebody else an administrator first.");
    }

    [Fact]
    public async Task An_open_page_ends_when_its_user_is_disabled()
    {
        var page = await _site.PageAsync(Roles.Operator);
        await ConsoleSite.GoToAsync(page, Urls.RunList);

        await _site.Services.GetRequiredService<AccountDesk>().SetDisabledAsync(await _site.ScalarAsync<Guid>("SELECT id FROM console.users WHERE email = 'operator@chain.example'"), true, "left", "the test", CancellationToken.None);

        await page.WaitForURLAsync("**/account/sign-in**", new PageWaitForURLOptions { Timeout = 60_000 });
    }

    [Fact]
    public async Task The_connection_to_central_can_be_tried_and_the_string_is_not_kept()
    {
        var page = await _site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.Settings);
        await Button(page, "Test connection").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("PostgreSQL");
        await page.Locator("#connection").FillAsync("Host=127.0.0.1;Port=1;Username=nobody;Password=very-secret;Database=none");
        await Button(page, "Test connection").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("127.0.0.1:1");
        Assert.DoesNotContain("very-secret", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_of_signing_in_has_a_serious_finding_light_or_dark()
    {
        var findings = new List<string>();
        var stranger = await _site.StrangersPageAsync();
        foreach (var url in new[] { AccountPaths.SignIn, AccountPaths.Code, AccountPaths.RecoveryCode, AccountPaths.Denied, AccountPaths.SetUp, AccountPaths.Invitation })
            await LookAsync(stranger, url, findings);
        await stranger.GotoAsync(AccountPaths.SignIn);
        await stranger.Locator("#email").FillAsync("nobody@chain.example");
        await stranger.Locator("#password").FillAsync("wrong");
        await Button(stranger, "Sign in").ClickAsync();
        await Assertions.Expect(stranger.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await Assertions.Expect(stranger.Locator("#email")).ToHaveValueAsync("nobody@chain.example");
        findings.AddRange(await AccessibilityTests.FindingsInBothAsync(stranger));
        var admin = await _site.PageAsync();
        foreach (var url in new[] { AccountPaths.Profile, AccountPaths.Password, AccountPaths.TwoFactor })
            await LookAsync(admin, url, findings);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private static async Task LookAsync(IPage page, string url, List<string> findings)
    {
        await page.GotoAsync(url);
        await Assertions.Expect(page.Locator("h1")).Not.ToBeEmptyAsync();
        findings.AddRange((await AccessibilityTests.FindingsInBothAsync(page)).Select(f => $"{url}: {f}"));
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });
}
