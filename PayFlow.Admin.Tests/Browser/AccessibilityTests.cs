using System.Globalization;
using System.Reflection;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Webhooks;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(LookedAtSite looked) : IClassFixture<LookedAtSite>
{
    private readonly ConsoleSite _site = looked.Site;

    // What a page of one thing shows is filled in below; every other page must not need a parameter.
    private static readonly Dictionary<string, Func<ConsoleSite, Task<string>>> Filled = new(StringComparer.Ordinal)
    {
        ["/runs/{Id:guid}"] = async site => Urls.Run(await site.ScalarAsync<Guid>("SELECT id FROM payflow.sync_log WHERE records_count > 0 LIMIT 1")),
        ["/terminals/{Id}"] = site => Task.FromResult(Urls.Terminal(site.Chain.Tills[0].Id)),
        ["/users/{Id:guid}"] = async site => Urls.User(await site.ScalarAsync<Guid>("SELECT id FROM console.users ORDER BY email LIMIT 1")),
        ["/tables/{Name}"] = _ => Task.FromResult(Urls.Table("customers")),
        ["/conflicts/{Id:long}"] = async site => Urls.Conflict((await new ConflictDesk(site.Central).ListAsync(new ConflictFilter())).Conflicts[^1].Id),
        ["/queue/{Terminal}/{Table}"] = site => Task.FromResult(QueueEntry(site)),
        ["/jobs/{Id:long}"] = async site => Urls.Job((await site.Services.GetRequiredService<JobDesk>().SubmitAsync(JobRequest.Verify([site.Chain.Tills[0].Id]), "the test")).Jobs[0].Id),
        ["/schedules/{Id:guid}"] = async site => Urls.Schedule((await site.Services.GetRequiredService<ScheduleDesk>().CreateAsync(new ScheduleDraft { Name = Guid.NewGuid().ToString(), Cron = "30 2 * * *", Zone = "Europe/Berlin" }, "the test")).Id),
        ["/webhooks/{Id:guid}"] = async site => Urls.Webhook(await WebhookAsync(site)),
        ["/webhooks/{Id:guid}/edit"] = async site => Urls.EditWebhook(await WebhookAsync(site)),
        ["/webhooks/{Id:guid}/deliveries/{Number:long}"] = DeliveryAsync,
        ["/consistency/{Id:long}"] = async site => Urls.ConsistencyReport((await site.Services.GetRequiredService<JobDesk>().SubmitAsync(JobRequest.Verify([site.Chain.Tills[0].Id]), "the test")).Jobs[0].Id),
        ["/consistency/rollback/{Run:guid}"] = async site => Urls.Rollback(await site.ScalarAsync<Guid>("SELECT id FROM payflow.sync_log WHERE records_count > 0 LIMIT 1")),
    };

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_page_has_a_serious_finding(ColorScheme scheme)
    {
        var page = await _site.PageAsync(scheme);
        var findings = new List<string>();
        foreach (var route in Routes())
        {
            var url = route.Contains('{', StringComparison.Ordinal)
                ? await (Filled.GetValueOrDefault(route) ?? throw new InvalidOperationException($"{route} needs an example here")).Invoke(_site)
                : route;
            await page.GotoAsync(url);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Assertions.Expect(page.Locator("h1")).Not.ToBeEmptyAsync();
            findings.AddRange((await FindingsAsync(page)).Select(f => $"{url}: {f}"));
        }
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task On_a_telephone_no_page_is_wider_than_the_screen(ColorScheme scheme)
    {
        var page = await _site.PageAsync(scheme, width: 390, height: 844);
        var wide = new List<string>();
        foreach (var route in Routes())
        {
            var url = route.Contains('{', StringComparison.Ordinal) ? await Filled[route](_site) : route;
            await page.GotoAsync(url);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (width > 390)
                wide.Add(string.Create(CultureInfo.InvariantCulture, $"{url} is {width} wide"));
        }
        Assert.True(wide.Count == 0, string.Join('\n', wide));
    }

    [Fact]
    public async Task The_list_of_keys_opens_closes_and_gives_the_focus_back()
    {
        var page = await _site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.RunList);
        await page.Locator(".nav-keys").FocusAsync();

        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#keys")).ToBeVisibleAsync();
        Assert.Empty(await FindingsAsync(page));
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page.Locator("#keys")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".nav-keys")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("c");
        await page.WaitForURLAsync("**/conflicts");
    }

    /// <summary>Serious and critical ones, each with where it is.</summary>
    internal static async Task<IReadOnlyList<string>> FindingsAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } });
        return [.. result.Violations.Where(v => v.Impact is "serious" or "critical").SelectMany(v => v.Nodes.Select(n => $"{v.Impact} {v.Id}: {v.Help} at {n.Target} {n.Html}"))];
    }

    // Every page there is, so that a new one cannot be forgotten. Those of an account that is not signed in, or that end the session, have their own tests.
    private static IEnumerable<string> Routes() => typeof(Urls).Assembly.GetTypes()
        .SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template)
        .Where(r => !r.StartsWith("/account/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static async Task<Guid> WebhookAsync(ConsoleSite site) =>
        (await site.Services.GetRequiredService<WebhookDesk>().CreateAsync(new WebhookDraft { Name = Guid.NewGuid().ToString(), Url = "https://receiver.invalid/hook", Events = [WebhookEvent.RunFinished] }, "the test")).Webhook.Id;

    // With an attempt in it: it fails at once, because no such name is known.
    private static async Task<string> DeliveryAsync(ConsoleSite site)
    {
        var webhook = await WebhookAsync(site);
        var delivery = await site.Services.GetRequiredService<WebhookDesk>().TestAsync(webhook, "the test");
        await Until.TrueAsync(async () => await site.ScalarAsync<bool>($"SELECT finished_at IS NOT NULL FROM console.webhook_deliveries WHERE id = {delivery}"));
        return Urls.Delivery(webhook, delivery);
    }

    private static string QueueEntry(ConsoleSite site)
    {
        var till = site.Chain.Tills[0];
        var refused = QueueReading.List(till.Path, new QueueFilter { Status = "FAILED" }, 1).Single();
        return Urls.QueueEntry(till.Id, refused.Table, refused.Key);
    }
}
