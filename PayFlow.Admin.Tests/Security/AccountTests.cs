using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Data;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Security;

public sealed class AccountTests : IAsyncLifetime
{
    private CentralDatabase _central = null!;

    public async Task InitializeAsync() => _central = await CentralDatabase.CreateMigratedAsync();

    public async Task DisposeAsync() => await _central.DisposeAsync();

    [Fact]
    public async Task The_environment_makes_the_first_administrator_and_changes_nothing_later()
    {
        await using (var first = await ConsoleHost.StartAsync(_central, "PAYFLOW_ADMIN_EMAIL=boss@example.com", "PAYFLOW_ADMIN_PASSWORD=a long enough sentence"))
        {
            Assert.Null(first.Host.Services.GetRequiredService<SecurityStart>().SetUpPath);
            using var browser = first.Browser();
            using var signedIn = await ConsoleHost.SignInAsync(browser, "boss@example.com", "a long enough sentence");
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        }
        await using var second = await ConsoleHost.StartAsync(_central, "PAYFLOW_ADMIN_EMAIL=other@example.com", "PAYFLOW_ADMIN_PASSWORD=another long sentence");
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM console.users"));
    }

    [Theory]
    [InlineData("boss@example.com", "short", "at least 12")]
    [InlineData("boss@example.com", "passwordpassword", "little more than 'password'")]
    [InlineData("boss@example.com", "abcdefghijklmnop", "run of neighbouring")]
    [InlineData("no address", "a long enough sentence", "no e-mail address")]
    public async Task A_weak_password_or_a_malformed_address_in_the_environment_ends_the_start_with_the_reason(string email, string password, string reason)
    {
        var refused = await Assert.ThrowsAsync<SyncException>(() => ConsoleHost.StartAsync(_central, $"PAYFLOW_ADMIN_EMAIL={email}", $"PAYFLOW_ADMIN_PASSWORD={password}"));
        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }

    [Fact]
    public async Task Hosts_that_start_together_make_one_administrator()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ConsoleHost.StartAsync(_central, "PAYFLOW_ADMIN_EMAIL=boss@example.com", "PAYFLOW_ADMIN_PASSWORD=a long enough sentence")));
        foreach (var host in hosts)
            await host.DisposeAsync();
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM console.users"));
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM console.data_protection_keys"));
    }

    [Fact]
    public async Task A_one_time_link_makes_the_first_administrator_once_on_any_host()
    {
        await using var one = await ConsoleHost.StartAsync(_central);
        await using var other = await ConsoleHost.StartAsync(_central);
        var link = one.Host.Services.GetRequiredService<SecurityStart>().SetUpPath!;
        var second = other.Host.Services.GetRequiredService<SecurityStart>().SetUpPath!;
        Assert.DoesNotContain(link.Split('=')[1], await _central.ScalarAsync<string>("SELECT string_agg(encode(token_hash, 'hex'), ' ') FROM console.one_time_links")!, StringComparison.Ordinal);

        using var browser = other.Browser();
        using (var weak = await SetUpAsync(browser, link, "boss@example.com", "short", "short"))
            Assert.Contains("at least 12", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var different = await SetUpAsync(browser, link, "boss@example.com", "a long enough sentence", "a long enough sentense"))
            Assert.Contains("The two passwords differ", await different.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var made = await SetUpAsync(browser, link, "boss@example.com", "a long enough sentence", "a long enough sentence"))
            Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        using (var page = await browser.GetAsync("/account"))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        foreach (var dead in new[] { link, second, "/account/set-up?token=guess", "/account/set-up" })
            Assert.Contains("does not work any more", await browser.GetStringAsync(dead), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_is_older_than_a_day_is_dead()
    {
        await using var host = await ConsoleHost.StartAsync(_central);
        var link = host.Host.Services.GetRequiredService<SecurityStart>().SetUpPath!;
        await _central.ExecuteAsync("UPDATE console.one_time_links SET expires_at = now() - interval '1 second'");
        using var browser = host.Browser();
        Assert.Contains("does not work any more", await browser.GetStringAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_administrator_stays()
    {
        await using var host = await (await ConsoleHost.StartAsync(_central)).WithUsersAsync();
        var id = await host.IdOfAsync(ConsoleHost.EmailOf(Roles.Admin));

        await Assert.ThrowsAsync<SyncException>(() => host.Accounts.SetRoleAsync(id, Roles.Viewer, "x", default));
        await Assert.ThrowsAsync<SyncException>(() => host.Accounts.SetDisabledAsync(id, true, null, "x", default));
        await Assert.ThrowsAsync<SyncException>(() => host.Accounts.DeleteAsync(id, null, "x", default));

        // Two administrators who take each other's role away at the same moment: one of them stays.
        var second = await host.AddUserAsync("second@example.com", Roles.Admin);
        var both = await Task.WhenAll(TryAsync(() => host.Accounts.SetRoleAsync(id, Roles.Viewer, "second@example.com", default)), TryAsync(() => host.Accounts.DeleteAsync(second, null, "admin@example.com", default)));
        Assert.Equal(1, both.Count(done => done));
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM console.user_roles ur JOIN console.roles r ON r.id = ur.role_id WHERE r.name = 'Admin'"));
    }

    [Fact]
    public async Task Every_change_of_a_user_is_in_the_audit()
    {
        await using var host = await (await ConsoleHost.StartAsync(_central)).WithUsersAsync();
        var id = await host.IdOfAsync(ConsoleHost.EmailOf(Roles.Viewer));
        await host.Accounts.SetRoleAsync(id, Roles.Operator, "admin@example.com", default);
        Assert.Equal("Viewer>Operator", await _central.ScalarAsync<string>("SELECT detail #>> '{before,role}' || '>' || (detail #>> '{after,role}') FROM payflow.audit WHERE action = 'user.role' AND actor = 'admin@example.com' AND key = 'viewer@example.com'"));
    }

    [Fact]
    public async Task A_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code()
    {
        await using var host = await (await ConsoleHost.StartAsync(_central, "PAYFLOW_TOKEN_RATE_LIMIT=1000")).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Operator);
        Assert.Contains("otpauth://totp/", await browser.GetStringAsync("/account/two-factor"), StringComparison.Ordinal);
        using (var wrong = await ConsoleHost.SubmitAsync(browser, "/account/two-factor", ("On.Code", "000000")))
            Assert.Contains("The code is wrong", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        string page;
        using (var on = await ConsoleHost.SubmitAsync(browser, "/account/two-factor", ("On.Code", await CodeAsync(host))))
            page = await on.Content.ReadAsStringAsync();
        Assert.Contains("The second factor is on", page, StringComparison.Ordinal);
        var recovery = System.Text.RegularExpressions.Regex.Match(page, "<li>([A-Z0-9-]{11})</li>").Groups[1].Value;

        using var next = host.Browser();
        using (var half = await ConsoleHost.SignInAsync(next, ConsoleHost.EmailOf(Roles.Operator), ConsoleHost.Password, "/runs"))
            Assert.Contains("/account/code", half.Headers.Location!.ToString(), StringComparison.Ordinal);
        using (var early = await next.GetAsync("/account"))
            Assert.Equal(HttpStatusCode.Redirect, early.StatusCode);
        using (var coded = await ConsoleHost.SubmitAsync(next, "/account/code?returnUrl=%2Fruns", ("Typed.Code", await CodeAsync(host))))
            Assert.EndsWith("/runs", coded.Headers.Location!.ToString(), StringComparison.Ordinal);

        using var lost = host.Browser();
        (await ConsoleHost.SignInAsync(lost, ConsoleHost.EmailOf(Roles.Operator), ConsoleHost.Password)).Dispose();
        using (var recovered = await ConsoleHost.SubmitAsync(lost, "/account/recovery-code", ("Typed.Code", recovery)))
            Assert.Equal(HttpStatusCode.Redirect, recovered.StatusCode);
        using var again = host.Browser();
        (await ConsoleHost.SignInAsync(again, ConsoleHost.EmailOf(Roles.Operator), ConsoleHost.Password)).Dispose();
        using var used = await ConsoleHost.SubmitAsync(again, "/account/recovery-code", ("Typed.Code", recovery));
        Assert.Equal(HttpStatusCode.OK, used.StatusCode);
    }

    [Theory]
    [InlineData("/account/code", "000000")]
    [InlineData("/account/recovery-code", "AAAAA-AAAAA")]
    public async Task Wrong_codes_at_the_same_moment_are_all_counted_and_lock_the_account(string page, string wrong)
    {
        await using var host = await (await ConsoleHost.StartAsync(_central, "PAYFLOW_TOKEN_RATE_LIMIT=1000")).WithUsersAsync();
        using (var own = await host.SignedInAsync(Roles.Operator))
        {
            await own.GetStringAsync("/account/two-factor");
            (await ConsoleHost.SubmitAsync(own, "/account/two-factor", ("On.Code", await CodeAsync(host)))).Dispose();
        }
        var guessers = new List<HttpClient>();
        for (var i = 0; i < 5; i++)
        {
            guessers.Add(host.Browser());
            using var half = await ConsoleHost.SignInAsync(guessers[i], ConsoleHost.EmailOf(Roles.Operator), ConsoleHost.Password);
            Assert.Contains("/account/code", half.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        foreach (var answer in await Task.WhenAll(guessers.Select(g => ConsoleHost.SubmitAsync(g, page, ("Typed.Code", wrong)))))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        Assert.True(await _central.ScalarAsync<bool>("SELECT coalesce(lockout_end > now(), false) FROM console.users WHERE email = 'operator@example.com'"));
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM payflow.audit WHERE action = 'user.locked'"));
        using (var right = await ConsoleHost.SubmitAsync(guessers[0], "/account/code", ("Typed.Code", await CodeAsync(host))))
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);

        await host.Accounts.UnlockAsync(await host.IdOfAsync(ConsoleHost.EmailOf(Roles.Operator)), "admin@example.com", default);
        using var unlocked = await ConsoleHost.SubmitAsync(guessers[0], "/account/code", ("Typed.Code", await CodeAsync(host)));
        Assert.Equal(HttpStatusCode.Redirect, unlocked.StatusCode);
        Assert.Equal(0, await _central.ScalarAsync<int>("SELECT access_failed_count FROM console.users WHERE email = 'operator@example.com'"));
        guessers.ForEach(g => g.Dispose());
    }

    [Fact]
    public async Task A_recovery_code_that_comes_twice_at_the_same_moment_lets_one_in()
    {
        await using var host = await (await ConsoleHost.StartAsync(_central, "PAYFLOW_TOKEN_RATE_LIMIT=1000")).WithUsersAsync();
        using var own = await host.SignedInAsync(Roles.Operator);
        await own.GetStringAsync("/account/two-factor");
        string recovery;
        using (var on = await ConsoleHost.SubmitAsync(own, "/account/two-factor", ("On.Code", await CodeAsync(host))))
            recovery = System.Text.RegularExpressions.Regex.Match(await on.Content.ReadAsStringAsync(), "<li>([A-Z0-9-]{11})</li>").Groups[1].Value;
        using var one = host.Browser();
        using var other = host.Browser();
        (await ConsoleHost.SignInAsync(one, ConsoleHost.EmailOf(Roles.Operator), ConsoleHost.Password)).Dispose();
        (await ConsoleHost.SignInAsync(other, ConsoleHost.EmailOf(Roles.Operator), ConsoleHost.Password)).Dispose();

        var answers = await Task.WhenAll(ConsoleHost.SubmitAsync(one, "/account/recovery-code", ("Typed.Code", recovery)), ConsoleHost.SubmitAsync(other, "/account/recovery-code", ("Typed.Code", recovery)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.Redirect));
    }

    [Fact]
    public async Task Wrong_passwords_in_an_open_session_are_counted_too()
    {
        await using var host = await (await ConsoleHost.StartAsync(_central)).WithUsersAsync();
        using var own = await host.SignedInAsync(Roles.Operator);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ConsoleHost.SubmitAsync(own, "/account/password", ("Typed.Current", "wrong"), ("Typed.Password", "another good sentence"), ("Typed.Repeated", "another good sentence"))));
        Assert.True(await _central.ScalarAsync<bool>("SELECT coalesce(lockout_end > now(), false) FROM console.users WHERE email = 'operator@example.com'"));
    }

    private static Task<HttpResponseMessage> SetUpAsync(HttpClient browser, string link, string email, string password, string repeated) =>
        ConsoleHost.SubmitAsync(browser, link, ("Typed.Email", email), ("Typed.Password", password), ("Typed.Repeated", repeated));

    private static async Task<bool> TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (SyncException)
        {
            return false;
        }
    }

    // As an authenticator computes it (RFC 6238) from the key that the page shows.
    private static async Task<string> CodeAsync(ConsoleHost host)
    {
        await using var scope = host.Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleAccount>>();
        var key = await users.GetAuthenticatorKeyAsync((await users.FindByEmailAsync(ConsoleHost.EmailOf(Roles.Operator)))!);
        return Totp.Of(key!, TimeProvider.System.GetUtcNow());
    }
}
