using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

/// <summary>The forms of the account are plain posts: whatever is posted, the form comes back with the reason.</summary>
public sealed class AccountFormTests : IAsyncLifetime
{
    private static readonly string[] Texts = ["", " ", "a\0b", "\u0001\u001b", "<script>alert(1)</script>", "'; DROP TABLE x; --", new('x', 10_000), "-1", "000000", "😀", "@", "a@b@c"];

    private CentralDatabase _central = null!;
    private ConsoleHost _host = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        _host = await (await ConsoleHost.StartAsync(_central, "PAYFLOW_TOKEN_RATE_LIMIT=100000", "PAYFLOW_RATE_LIMIT=100000")).WithUsersAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Theory]
    [InlineData("/account/sign-in", "Typed.Email Typed.Password Typed.IsKept", false)]
    [InlineData("/account/code", "Typed.Code", false)]
    [InlineData("/account/recovery-code", "Typed.Code", false)]
    [InlineData("/account/invitation?token=nonsense", "Typed.Password Typed.Repeated", false)]
    [InlineData("/account/password", "Typed.Current Typed.Password Typed.Repeated", true)]
    [InlineData("/account/two-factor", "On.Code", true)]
    public async Task What_is_posted_comes_back_with_the_reason(string page, string fields, bool isSignedIn)
    {
        var wrong = new List<string>();
        foreach (var (field, text) in fields.Split(' ').SelectMany(f => Texts.Select(t => (f, t))))
        {
            using var browser = isSignedIn ? await _host.SignedInAsync(Roles.Operator) : _host.Browser();
            using var answer = await ConsoleHost.SubmitAsync(browser, page, (field, text));
            var html = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode >= 500 || (answer.StatusCode == HttpStatusCode.OK && !html.Contains("notice-bad", StringComparison.Ordinal) && !html.Contains("validation-message", StringComparison.Ordinal)))
                wrong.Add($"{field} {(text.Length > 30 ? text[..30] : text)}: {(int)answer.StatusCode}");
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task The_first_administrators_form_takes_anything_and_the_link_stays_good_for_the_right_words()
    {
        await using var empty = await CentralDatabase.CreateMigratedAsync();
        await using var host = await ConsoleHost.StartAsync(empty, "PAYFLOW_TOKEN_RATE_LIMIT=100000", "PAYFLOW_RATE_LIMIT=100000");
        var link = host.Host.Services.GetRequiredService<SecurityStart>().SetUpPath!;
        var wrong = new List<string>();
        foreach (var (field, text) in new[] { "Typed.Email", "Typed.Password", "Typed.Repeated" }.SelectMany(f => Texts.Select(t => (f, t))))
        {
            using var browser = host.Browser();
            var typed = new Dictionary<string, string> { ["Typed.Email"] = "boss@example.com", ["Typed.Password"] = "a long enough sentence", ["Typed.Repeated"] = "a long enough sentence", [field] = text };
            using var answer = await ConsoleHost.SubmitAsync(browser, link, [.. typed.Select(t => (t.Key, t.Value))]);
            var html = await answer.Content.ReadAsStringAsync();
            // The server itself takes no NUL in a form.
            if (answer.StatusCode != HttpStatusCode.BadRequest && (answer.StatusCode != HttpStatusCode.OK || !html.Contains("notice-bad", StringComparison.Ordinal)))
                wrong.Add($"{field} {(text.Length > 30 ? text[..30] : text)}: {(int)answer.StatusCode}");
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        }
        Assert.Empty(wrong);
        using var boss = host.Browser();
        using var made = await ConsoleHost.SubmitAsync(boss, link, ("Typed.Email", "boss@example.com"), ("Typed.Password", "a long enough sentence"), ("Typed.Repeated", "a long enough sentence"));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
    }

    [Fact]
    public async Task A_second_step_takes_anything_and_lets_nobody_in()
    {
        using var setting = await _host.SignedInAsync(Roles.Viewer);
        var key = System.Text.RegularExpressions.Regex.Match(await setting.GetStringAsync("/account/two-factor"), "secret=([A-Z2-7]+)").Groups[1].Value;
        (await ConsoleHost.SubmitAsync(setting, "/account/two-factor", ("On.Code", PayFlow.Admin.Tests.Security.Totp.Of(key, TimeProvider.System.GetUtcNow())))).Dispose();
        var wrong = new List<string>();
        foreach (var (page, text) in new[] { "/account/code", "/account/recovery-code" }.SelectMany(p => Texts.Select(t => (p, t))))
        {
            await _central.ExecuteAsync("UPDATE console.users SET access_failed_count = 0, lockout_end = NULL");
            using var browser = _host.Browser();
            (await ConsoleHost.SignInAsync(browser, ConsoleHost.EmailOf(Roles.Viewer), ConsoleHost.Password)).Dispose();
            using var answer = await ConsoleHost.SubmitAsync(browser, page, ("Typed.Code", text));
            // The server itself takes no NUL in a form.
            if (answer.StatusCode != HttpStatusCode.BadRequest && (answer.StatusCode != HttpStatusCode.OK || !(await answer.Content.ReadAsStringAsync()).Contains("notice-bad", StringComparison.Ordinal)))
                wrong.Add($"{page} {(text.Length > 30 ? text[..30] : text)}: {(int)answer.StatusCode}");
        }
        Assert.Empty(wrong);
    }
}
