using System.Net;
using System.Net.Http.Json;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Api;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Security;

/// <summary>Addresses and texts with characters that nobody types and no database keeps.</summary>
public sealed class OddAddressTests
{
    private static readonly string[] Lists =
    [
        "/runs", "/conflicts", "/terminals", "/tables", "/table-map", "/consistency", "/schedules", "/jobs", "/queue", "/users", "/audit", "/settings", "/queue/T1/customers", "/conflicts/1", "/account/sign-in", "/account/invitation", "/account/set-up",
        "/export/runs", "/export/audit", "/export/conflicts", "/export/queue", "/openapi/v1.json", "/metrics",
    ];

    private static readonly string[] Calls = ["/api/sync/conflicts", "/api/sync/conflicts/1", "/api/sync/status", "/api/sync/jobs/1"];

    private static readonly string[] Names =
    [
        "action", "actor", "after", "direction", "group", "idle", "key", "kind", "limit", "order", "page", "returnUrl", "role", "run", "schedule", "since", "span", "state", "status", "table", "tab", "terminal", "text", "token", "trigger", "until",
    ];

    [Theory]
    [InlineData("%00")]
    [InlineData("a%00b")]
    [InlineData("%FF")]
    [InlineData("%C0%80")]
    [InlineData("%ED%A0%80")]
    public async Task What_is_no_text_is_refused_in_words_by_every_list_and_every_call(string value)
    {
        await using var dispute = await Dispute.CreateAsync();
        await dispute.OverAnnAsync();
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Admin);
        using var api = await host.ApiAsync(Roles.Admin);
        foreach (var path in Lists)
        {
            foreach (var name in Names)
            {
                using var answer = await browser.GetAsync($"{path}?{name}={value}");
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path}?{name}={value}: {answer.StatusCode}");
                Assert.Contains("address", text, StringComparison.Ordinal);
            }
        }
        foreach (var path in Calls)
        {
            using var answer = await api.GetAsync($"{path}?terminal={value}");
            Assert.Contains("address", (await Problem.OfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        using var trigger = await api.PostAsync($"/api/sync/trigger?terminal={value}", null);
        await Problem.OfAsync(trigger, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_control_characters_are_texts_that_nothing_is_called_by()
    {
        await using var dispute = await Dispute.CreateAsync();
        await dispute.OverAnnAsync();
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Admin);
        using var api = await host.ApiAsync(Roles.Admin);
        foreach (var value in new[] { "%01", "%1F", "%7F", "%0D%0A", "%C2%80", "%E2%80%AE", "%EF%BF%BF", "%F0%9F%9A%80", "%" })
        {
            foreach (var path in Lists.Concat(Calls))
            {
                using var answer = await (path.StartsWith("/api", StringComparison.Ordinal) ? api : browser).GetAsync($"{path}?{string.Join('&', Names.Select(n => $"{n}={value}"))}");
                Assert.True((int)answer.StatusCode < 500, $"{path} with {value}: {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
        Assert.DoesNotContain("customers", await browser.GetStringAsync("/export/conflicts?key=%01"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/terminals/")]
    [InlineData("/tables/")]
    [InlineData("/queue/T1/")]
    [InlineData("/runs/")]
    [InlineData("/no/such/")]
    public async Task Paths_that_are_no_text_are_refused_or_lead_nowhere(string path)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Admin);
        foreach (var value in new[] { "%00", "%FF", "%ED%A0%80", "%01", "%C2%80" })
        {
            using var answer = await browser.GetAsync(path + value);
            Assert.True((int)answer.StatusCode < 500, $"{path}{value}: {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task Nobody_is_called_by_a_text_that_no_database_keeps()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = host.Browser();
        using (var signedIn = await ConsoleHost.SignInAsync(browser, "viewer\0@example.com", ConsoleHost.Password))
            Assert.Equal(HttpStatusCode.BadRequest, signedIn.StatusCode);
        using var token = await browser.PostAsJsonAsync("/api/auth/token", new { email = "viewer\0@example.com", password = ConsoleHost.Password });
        await Problem.OfAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_reason_that_no_database_keeps_is_refused_and_nothing_is_decided()
    {
        await using var dispute = await Dispute.CreateAsync();
        var conflict = await dispute.OverAnnAsync();
        await using var host = await (await ConsoleHost.StartAsync(dispute.Chain.Database)).WithUsersAsync();
        using var api = await host.ApiAsync(Roles.Operator);

        using var answer = await api.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = conflict.Version, take = "terminal", reason = "be\0cause" });

        Assert.NotEmpty((await Problem.OfAsync(answer, HttpStatusCode.UnprocessableEntity)).GetProperty("hint").GetString()!);
        Assert.Equal("3", await dispute.PhoneAsync());
        await dispute.OpenAsync();
    }

    [Theory]
    [InlineData("/tables/50%25FFx")]
    [InlineData("/tables/50%2500x")]
    [InlineData("/tables/50%25x")]
    public async Task A_percent_sign_in_the_name_of_a_table_is_a_percent_sign(string path)
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Viewer);
        using var page = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }
}
