using System.Net;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

/// <summary>Addresses are typed, shared and cut short: whatever stands in their query, the page comes, and says what it cannot take.</summary>
public sealed class BadAddressTests : IAsyncLifetime
{
    private static readonly string[] Nasty =
    [
        "", " ", "abc", "-1", "0", "99999999999999999999", "1e9", "NaN", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "-271821-04-20", "31.02.2026", "nonsense", "'; DROP TABLE payflow.sync_log; --", "<script>alert(1)</script>",
        "a\0b", "\u0001\u001b[31m\u202e", "%", "\\", "{terminal.x}", "😀", new string('x', 4_000), string.Concat(Enumerable.Repeat("0-9.", 900)),
    ];

    private CentralDatabase _central = null!;
    private ConsoleHost _host = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        _host = await (await ConsoleHost.StartAsync(_central)).WithUsersAsync();
        await _central.ExecuteAsync("""
            INSERT INTO payflow.terminals (id, name, file_path) VALUES ('T1', 'One', '/nowhere/t1.db');
            INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status, completed_at) VALUES (gen_random_uuid(), 'T1', 'manual', 'both', 'SYNCED', now());
            INSERT INTO console.webhooks (id, name, url, events, secret, created_by, updated_by) VALUES ('5e7f0a10-0000-4000-8000-0000000000aa', 'one', 'https://receiver.invalid/', '{run.finished}', '', 'ann', 'ann');
            """);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "span")]
    [InlineData("/terminals", "text status page")]
    [InlineData("/terminals/T1", "x")]
    [InlineData("/tables", "text direction page")]
    [InlineData("/tables/products", "page")]
    [InlineData("/table-map", "table")]
    [InlineData("/runs", "terminal status trigger table since until idle page")]
    [InlineData("/queue", "terminal status table key page sel")]
    [InlineData("/queue/T1/products", "key")]
    [InlineData("/conflicts", "terminal table kind state key since order page sel")]
    [InlineData("/conflicts/1", "terminal table kind state key since order")]
    [InlineData("/jobs", "tab terminal schedule kind text group since until page sel")]
    [InlineData("/jobs/1", "x")]
    [InlineData("/schedules", "text page")]
    [InlineData("/consistency", "terminal table kind page")]
    [InlineData("/consistency/1", "x")]
    [InlineData("/webhooks", "text status event")]
    [InlineData("/webhooks/5e7f0a10-0000-4000-8000-0000000000aa", "state terminal since page")]
    [InlineData("/audit", "actor action terminal table key run since until page")]
    [InlineData("/users", "text role page")]
    public async Task A_page_comes_whatever_its_address_says(string page, string names)
    {
        using var browser = await _host.SignedInAsync(Roles.Admin);
        var wrong = new List<string>();
        foreach (var (name, value) in names.Split(' ').SelectMany(n => Nasty.Select(v => (n, v))))
        {
            var url = $"{page}?{name}={Uri.EscapeDataString(value)}";
            using var answer = await browser.GetAsync(url);
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            // What is no text is answered before any page: with the reason.
            if (value.Contains('\0', StringComparison.Ordinal) && answer.StatusCode == HttpStatusCode.BadRequest && html.Contains("address", StringComparison.Ordinal))
                continue;
            if (answer.StatusCode != HttpStatusCode.OK || html.Contains("This page failed", StringComparison.Ordinal) || html.Contains("This cannot be read.", StringComparison.Ordinal) || html.Contains("PostgreSQL at", StringComparison.Ordinal))
                wrong.Add($"{url[..Math.Min(80, url.Length)]}: {(int)answer.StatusCode} {Reason(html)}");
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("/terminals/{0}")]
    [InlineData("/tables/{0}")]
    [InlineData("/runs/{0}")]
    [InlineData("/queue/{0}/{0}?key={0}")]
    [InlineData("/conflicts/{0}")]
    [InlineData("/jobs/{0}")]
    [InlineData("/schedules/{0}")]
    [InlineData("/consistency/{0}")]
    [InlineData("/webhooks/{0}")]
    [InlineData("/webhooks/{0}/edit")]
    [InlineData("/webhooks/5e7f0a10-0000-4000-8000-0000000000aa/deliveries/{0}")]
    [InlineData("/users/{0}")]
    public async Task A_thing_that_there_is_not_is_said_to_be_missing(string address)
    {
        using var browser = await _host.SignedInAsync(Roles.Admin);
        var wrong = new List<string>();
        foreach (var value in Nasty.Where(n => !string.IsNullOrWhiteSpace(n) && n is not "\\" and not "%"))
        {
            using var answer = await browser.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, Uri.EscapeDataString(value)));
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.RequestUriTooLong) || html.Contains("This page failed", StringComparison.Ordinal) || html.Contains("This cannot be read.", StringComparison.Ordinal) || html.Contains("PostgreSQL at", StringComparison.Ordinal))
                wrong.Add($"{value[..Math.Min(30, value.Length)]}: {(int)answer.StatusCode} {Reason(html)}");
        }
        Assert.Empty(wrong);
    }

    private static string Reason(string html)
    {
        var at = html.IndexOf("notice-bad", StringComparison.Ordinal);
        return at < 0 ? html[..Math.Min(120, html.Length)] : html.Substring(at, Math.Min(300, html.Length - at));
    }
}
