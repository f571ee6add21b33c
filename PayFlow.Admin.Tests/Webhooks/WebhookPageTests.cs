using System.Net;
using System.Text.RegularExpressions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Components;
using PayFlow.Admin.Components.Pages.Webhooks;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Console;
using PayFlow.Admin.Webhooks;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>The pages of webhooks, rendered by the real host for each role and driven by hand.</summary>
public sealed partial class WebhookPageTests : BunitContext
{
    [Fact]
    public async Task A_viewer_sees_everything_but_secrets_and_may_change_nothing()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.Host.WithUsersAsync();
        using var viewer = await shop.Host.SignedInAsync(Roles.Viewer);
        Assert.Contains("No other system is told of anything.", await PageAsync(viewer, Urls.WebhookList), StringComparison.Ordinal);
        var (webhook, secret) = await shop.HookAsync(WebhookEvent.RunFinished);
        Assert.Contains("Nothing has happened yet that it is told of.", await PageAsync(viewer, Urls.Webhook(webhook.Id)), StringComparison.Ordinal);
        await shop.Database.ExecuteAsync("INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status, completed_at) SELECT gen_random_uuid(), 'T' || i, 'manual', 'both', 'SYNCED', now() FROM generate_series(1, 60) i");
        await shop.DoneAsync("SUCCEEDED");
        var first = await shop.Database.ScalarAsync<long>("SELECT min(id) FROM console.webhook_deliveries");

        await shop.Desk.UpdateAsync(webhook.Id, webhook.Version, webhook.Draft with { Url = "https://hooks.example.com/in/p4th-t0ken?key=qu3ry-t0ken" }, "ann");
        var stored = (await shop.Database.ScalarAsync<string>("SELECT secret FROM console.webhooks"))!;
        foreach (var url in new[] { Urls.WebhookList, Urls.Webhook(webhook.Id), Urls.EditWebhook(webhook.Id), Urls.Delivery(webhook.Id, first), Urls.Audit() })
        {
            var html = await PageAsync(viewer, url);
            Assert.DoesNotContain(secret[6..], html, StringComparison.Ordinal);
            Assert.DoesNotContain(stored, html, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", html, StringComparison.Ordinal);
        }
        using var administrator = await shop.Host.SignedInAsync(Roles.Admin);
        foreach (var url in new[] { Urls.WebhookList, Urls.Webhook(webhook.Id), Urls.EditWebhook(webhook.Id) })
        {
            Assert.Contains("https://hooks.example.com/…", await PageAsync(viewer, url), StringComparison.Ordinal);
            Assert.Contains("p4th-t0ken?key=qu3ry-t0ken", await PageAsync(administrator, url), StringComparison.Ordinal);
        }
        var page = await PageAsync(viewer, Urls.Webhook(webhook.Id));
        foreach (var act in new[] { "Send a test", "Switch off …", "New secret …", "Delete …" })
            Assert.Matches($"<button[^>]* disabled[^>]*>\\s*{act}", page);
        Assert.Contains("page 1 of 2", page, StringComparison.Ordinal);
        Assert.Contains(">1 row<", await PageAsync(viewer, Urls.Webhook(webhook.Id, state: "SUCCEEDED", terminal: "T7")), StringComparison.Ordinal);
        Assert.Contains("Nothing matches this filter.", await PageAsync(viewer, Urls.Webhook(webhook.Id, state: "FAILED")), StringComparison.Ordinal);
        var delivery = await PageAsync(viewer, Urls.Delivery(webhook.Id, first));
        Assert.Contains("webhook-signature: v1,", delivery, StringComparison.Ordinal);
        Assert.Contains("Answer 204", delivery, StringComparison.Ordinal);
        Assert.Contains("There is no delivery 999999", await PageAsync(viewer, Urls.Delivery(webhook.Id, 999_999)), StringComparison.Ordinal);
        Assert.Contains("There is no delivery", await PageAsync(viewer, Urls.Delivery(Guid.NewGuid(), first)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_makes_one_tests_it_and_renews_its_secret_and_sees_each_secret_once()
    {
        await using var shop = await WebhookCase.CreateAsync();
        DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Services.AddFallbackServiceProvider(shop.Host.Host.Services);
        SignedIn.As(this, Roles.Admin);
        JSInterop.Mode = JSRuntimeMode.Loose;

        var edit = Render<WebhookEditPage>();
        edit.WaitForElement("#webhook-name");
        await edit.InvokeAsync(() => edit.Find("form").SubmitAsync());
        edit.WaitForAssertion(() => Assert.Equal(3, edit.FindAll(".field-error").Count(e => e.TextContent.Length > 0)));
        await edit.InvokeAsync(() => edit.Find("#webhook-name").InputAsync("bookkeeping"));
        await edit.InvokeAsync(() => edit.Find("#webhook-url").InputAsync(shop.Receiver.Url));
        await edit.InvokeAsync(() => edit.Find("fieldset input[type=checkbox]").ChangeAsync(true));
        await edit.InvokeAsync(() => edit.Find("form").SubmitAsync());
        edit.WaitForAssertion(() => Assert.StartsWith("whsec_", edit.Find("[data-test=secret] code").TextContent, StringComparison.Ordinal));
        var secret = edit.Find("[data-test=secret] code").TextContent;
        var id = await shop.Database.ScalarAsync<Guid>("SELECT id FROM console.webhooks");

        var page = Render<WebhookPage>(p => p.Add(x => x.Id, id));
        page.WaitForAssertion(() => Assert.Contains("bookkeeping", page.Find("h1").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Trim() == "Send a test").ClickAsync(new()));
        var call = (await shop.CallsAsync(1))[0];
        Assert.Equal(("webhook.test", DeliveryTests.Signature(secret, call)), (call.Type, call.Headers["webhook-signature"]));
        page.WaitForAssertion(() => Assert.Contains("Succeeded", page.Find("table.list").TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Trim() == "New secret …").ClickAsync(new()));
        page.WaitForElement("dialog form");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Single(page.FindAll("[data-test=secret]")));
        var second = page.Find("[data-test=secret] code").TextContent;
        await shop.Desk.TestAsync(id, "ann");
        call = (await shop.CallsAsync(2))[1];
        Assert.Equal($"{DeliveryTests.Signature(second, call)} {DeliveryTests.Signature(secret, call)}", call.Headers["webhook-signature"]);
        await page.InvokeAsync(page.Instance.Dispose);
    }

    [Fact]
    public async Task Whoever_is_no_administrator_is_refused_by_the_server_too()
    {
        await using var shop = await WebhookCase.CreateAsync();
        DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Services.AddFallbackServiceProvider(shop.Host.Host.Services);
        SignedIn.As(this, Roles.Operator);
        JSInterop.Mode = JSRuntimeMode.Loose;
        var edit = Render<WebhookEditPage>();
        edit.WaitForElement("#webhook-name");
        await edit.InvokeAsync(() => edit.Find("form").SubmitAsync());
        edit.WaitForAssertion(() => Assert.Contains("may not do this", edit.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal(0L, await shop.Database.ScalarAsync<long>("SELECT count(*) FROM console.webhooks"));
    }

    private static async Task<string> PageAsync(HttpClient browser, string url) => Comment().Replace(WebUtility.HtmlDecode(await browser.GetStringAsync(url)), string.Empty);

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
