using System.Net;
using System.Net.Http.Json;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Security;

public sealed class SignInTests : IAsyncLifetime
{
    private CentralDatabase _central = null!;
    private ConsoleHost _host = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        _host = await (await ConsoleHost.StartAsync(_central, "PAYFLOW_SESSION_CHECK=1", "PAYFLOW_TOKEN_RATE_LIMIT=1000")).WithUsersAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Fact]
    public async Task Attempts_at_the_same_moment_are_all_counted_and_right_ones_all_let_in()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, "PAYFLOW_TOKEN_RATE_LIMIT=1000")).WithUsersAsync();
        async Task<HttpStatusCode[]> AskAsync(string password) => await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var client = host.Browser();
            using var answer = await client.PostAsJsonAsync("/api/auth/token", new { email = ConsoleHost.EmailOf(Roles.Viewer), password });
            return answer.StatusCode;
        }));

        Assert.All(await AskAsync(ConsoleHost.Password), s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.All(await AskAsync("a wrong one of some length"), s => Assert.Equal(HttpStatusCode.Unauthorized, s));
        Assert.All(await AskAsync(ConsoleHost.Password), s => Assert.Equal(HttpStatusCode.Unauthorized, s));
    }

    [Fact]
    public async Task Who_is_signed_in_keeps_the_menu_on_the_pages_of_the_account_and_where_the_role_does_not_open_a_page()
    {
        using var viewer = await _host.SignedInAsync(Roles.Viewer);
        foreach (var page in new[] { "/account", "/account/denied", "/account/two-factor" })
            Assert.Contains("<nav id=\"nav\"", await viewer.GetStringAsync(page), StringComparison.Ordinal);
        using var stranger = _host.Browser();
        Assert.DoesNotContain("<nav id=\"nav\"", await stranger.GetStringAsync(AccountPaths.SignIn), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_a_second_factor_is_shown_as_a_picture_that_is_made_here()
    {
        using var viewer = await _host.SignedInAsync(Roles.Viewer);
        var html = await viewer.GetStringAsync("/account/two-factor");

        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("QR code", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_sends_who_is_not_signed_in_to_sign_in_and_back_again()
    {
        using var browser = _host.Browser();
        using var asked = await browser.GetAsync("/runs?terminal=T1");
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("/account/sign-in?returnUrl=%2Fruns%3Fterminal%3DT1", asked.Headers.Location!.PathAndQuery);

        using var signedIn = await ConsoleHost.SignInAsync(browser, "ADMIN@example.com", ConsoleHost.Password, "/runs?terminal=T1");
        Assert.Equal("/runs?terminal=T1", PathOf(signedIn));
        using var page = await browser.GetAsync("/runs?terminal=T1");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("admin@example.com", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    [InlineData("/account/sign-out")]
    public async Task Signing_in_leads_nowhere_but_into_the_console(string returnUrl)
    {
        using var browser = _host.Browser();
        using var answer = await ConsoleHost.SignInAsync(browser, ConsoleHost.EmailOf(Roles.Viewer), ConsoleHost.Password, returnUrl);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", PathOf(answer));
        Assert.Equal(_host.Address.Authority, new Uri(_host.Address, answer.Headers.Location!).Authority);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_told_in_the_same_words_and_the_password_is_not_sent_back()
    {
        using var browser = _host.Browser();
        using var wrong = await ConsoleHost.SignInAsync(browser, ConsoleHost.EmailOf(Roles.Viewer), "wrong-password-42");
        using var unknown = await ConsoleHost.SignInAsync(browser, "nobody@example.com", "wrong-password-42");
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        var (one, other) = (await wrong.Content.ReadAsStringAsync(), await unknown.Content.ReadAsStringAsync());
        Assert.Contains("E-mail address or password is wrong", one, StringComparison.Ordinal);
        Assert.Contains("E-mail address or password is wrong", other, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password-42", one, StringComparison.Ordinal);
        Assert.Contains("value=\"nobody@example.com\"", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_until_an_administrator_unlocks_it()
    {
        var email = ConsoleHost.EmailOf(Roles.Operator);
        using var browser = _host.Browser();
        for (var i = 0; i < 5; i++)
            (await ConsoleHost.SignInAsync(browser, email, "wrong")).Dispose();
        using (var locked = await ConsoleHost.SignInAsync(browser, email, ConsoleHost.Password))
            Assert.Equal(HttpStatusCode.OK, locked.StatusCode);
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM payflow.audit WHERE action = 'user.locked' AND key = 'operator@example.com'"));

        await _host.Accounts.UnlockAsync(await _host.IdOfAsync(email), "admin@example.com", default);

        using var unlocked = await ConsoleHost.SignInAsync(browser, email, ConsoleHost.Password);
        Assert.Equal(HttpStatusCode.Redirect, unlocked.StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        using var browser = _host.Browser();
        using var content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Typed.Email", ConsoleHost.EmailOf(Roles.Admin)), new("Typed.Password", ConsoleHost.Password)]);
        using var answer = await browser.PostAsync("/account/sign-in", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("payflow.session", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_takes_the_consoles_own_form()
    {
        using var browser = await _host.SignedInAsync(Roles.Viewer);
        using (var forged = await browser.PostAsync("/account/sign-out", new FormUrlEncodedContent([])))
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using (var still = await browser.GetAsync("/account"))
            Assert.Equal(HttpStatusCode.OK, still.StatusCode);

        using var ended = await ConsoleHost.SubmitToAsync(browser, "/account", "/account/sign-out");

        Assert.Equal("/account/sign-in", PathOf(ended));
        using var page = await browser.GetAsync("/account");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        using var browser = _host.Browser();
        using var answer = await ConsoleHost.SignInAsync(browser, ConsoleHost.EmailOf(Roles.Viewer), ConsoleHost.Password);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("payflow.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("delete")]
    [InlineData("password")]
    public async Task A_change_of_the_account_ends_its_sessions(string change)
    {
        var id = await _host.AddUserAsync("anna@example.com", Roles.Operator);
        using var browser = _host.Browser();
        (await ConsoleHost.SignInAsync(browser, "anna@example.com", ConsoleHost.Password)).Dispose();
        using (var before = await browser.GetAsync("/account"))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        await (change switch
        {
            "role" => _host.Accounts.SetRoleAsync(id, Roles.Viewer, "admin@example.com", default),
            "disable" => _host.Accounts.SetDisabledAsync(id, true, "left", "admin@example.com", default),
            "delete" => _host.Accounts.DeleteAsync(id, "left", "admin@example.com", default),
            _ => _host.Accounts.SetPasswordByLinkAsync((await _host.Accounts.SendLinkAsync(id, "admin@example.com", default)).Token, "another good sentence", default),
        });

        await Until.TrueAsync(async () =>
        {
            using var page = await browser.GetAsync("/account");
            return page.StatusCode == HttpStatusCode.Redirect;
        });
    }

    private static string PathOf(HttpResponseMessage answer) =>
        answer.Headers.Location is { } location ? location.IsAbsoluteUri ? location.PathAndQuery : location.ToString() : string.Empty;
}
