using System.Net;
using System.Net.Http.Json;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Security;

/// <summary>What a proxy says of a request is believed when it is one that was named, and of nobody else.</summary>
public sealed class ProxyTests
{
    private const string Outside = "console.example";

    [Theory]
    [InlineData("PAYFLOW_TRUSTED_PROXIES=127.0.0.1", true)]
    [InlineData("PAYFLOW_TRUSTED_PROXIES=10.9.0.0/16,127.0.0.0/8", true)]
    [InlineData("PAYFLOW_TRUSTED_PROXIES=10.9.0.0/16", false)]
    [InlineData("PAYFLOW_TRUSTED_PROXIES=", false)]
    public async Task Https_outside_makes_secure_cookies_https_addresses_and_HSTS_only_behind_a_proxy_that_was_named(string proxies, bool isBelieved)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, proxies)).WithUsersAsync();
        using var browser = Behind(host, "https", "203.0.113.9");

        using var page = await browser.GetAsync("/runs");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal(isBelieved ? $"https://{Outside}/account/sign-in?returnUrl=%2Fruns" : host.Address + "account/sign-in?returnUrl=%2Fruns", page.Headers.Location!.ToString());
        Assert.Equal(isBelieved, page.Headers.Contains("Strict-Transport-Security"));

        using var form = await browser.GetAsync("/account/sign-in");
        var cookie = form.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("payflow.antiforgery", StringComparison.Ordinal));
        Assert.Equal(isBelieved, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Behind_a_named_proxy_a_request_by_http_gets_no_HSTS_and_so_does_none_without_a_proxy()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, "PAYFLOW_TRUSTED_PROXIES=127.0.0.1")).WithUsersAsync();
        using var plain = Behind(host, "http", "203.0.113.9");
        using var direct = host.Browser();
        foreach (var browser in new[] { plain, direct })
        {
            using var page = await browser.GetAsync("/account/sign-in");
            Assert.False(page.Headers.Contains("Strict-Transport-Security"));
        }
    }

    [Theory]
    [InlineData("PAYFLOW_TRUSTED_PROXIES=127.0.0.1", HttpStatusCode.Unauthorized)]
    [InlineData("PAYFLOW_TRUSTED_PROXIES=", HttpStatusCode.TooManyRequests)]
    public async Task Attempts_are_counted_by_the_address_that_a_named_proxy_says_and_nobody_else_chooses_an_address(string proxies, HttpStatusCode another)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, proxies, "PAYFLOW_TOKEN_RATE_LIMIT=2")).WithUsersAsync();
        async Task<HttpStatusCode> GuessAsync(string from)
        {
            using var client = Behind(host, "https", from);
            using var answer = await client.PostAsJsonAsync("/api/auth/token", new { email = "nobody@example.com", password = "guess" });
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync("203.0.113.9"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync("203.0.113.9"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync("203.0.113.9"));
        Assert.Equal(another, await GuessAsync("203.0.113.10"));
        // What the client itself has put in front of it counts for nothing.
        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync("198.51.100.1, 203.0.113.9"));
    }

    private static HttpClient Behind(ConsoleHost host, string scheme, string client)
    {
        var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        browser.DefaultRequestHeaders.Add("X-Forwarded-Host", Outside);
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", client);
        return browser;
    }
}
