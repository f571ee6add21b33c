using System.Text;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Components.Pages.Consistency;
using PayFlow.Admin.Components.Pages.Schedules;
using PayFlow.Admin.Components.Pages.Settings;
using PayFlow.Admin.Components.Pages.Tables;
using PayFlow.Admin.Components.Pages.Terminals;
using PayFlow.Admin.Components.Pages.Users;
using PayFlow.Admin.Components.Pages.Webhooks;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

/// <summary>Whatever is typed into a form, by hand or by a program that goes past the browser, it is taken or refused at its field: never nothing, and never the end of the page.</summary>
public sealed class FormInputTests : BunitContext, IClassFixture<FormHost>
{
    private static readonly string Long = new('x', 10_000);

    private static readonly string[] Texts = ["", " ", "a\0b", "\u0001\u001b", "<script>alert(1)</script>", "'; DROP TABLE x; --", Long, "-1", "1e400", "NaN", "99999999999999999999", "{terminal.x}", "😀"];

    private readonly SyncFixture _chain;

    public FormInputTests(FormHost host)
    {
        _chain = host.Chain;
        DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Services.AddFallbackServiceProvider(host.Services);
        SignedIn.As(this, Roles.Admin);
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public async Task A_schedule()
    {
        var navigation = Services.GetRequiredService<NavigationManager>();
        foreach (var (field, text) in new[] { "#schedule-name", "input[id$=-cron]", "input[id$=-zone]", "#schedule-attempts", "#schedule-first", "#schedule-longest" }.SelectMany(f => Texts.Select(t => (f, t))))
        {
            navigation.NavigateTo("/");
            var page = Render<ScheduleEditPage>();
            page.WaitForElement("#schedule-name");
            await page.InvokeAsync(() => page.Find("#schedule-name").InputAsync("n" + Guid.NewGuid().ToString("N")[..8]));
            await page.InvokeAsync(() => TypeAsync(page.Find(field), text));
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());

            page.WaitForAssertion(() => Assert.True(IsAnswered(page) || navigation.Uri.EndsWith("/schedules", StringComparison.Ordinal), $"{field}: {Shown(text)}"));
            await page.InvokeAsync(page.Instance.Dispose);
        }
    }

    [Fact]
    public async Task A_webhook()
    {
        foreach (var (field, text) in new[] { "#webhook-name", "#webhook-url" }.SelectMany(f => Texts.Select(t => (f, t))))
        {
            var page = Render<WebhookEditPage>();
            page.WaitForElement("#webhook-name");
            await page.InvokeAsync(() => page.Find("#webhook-name").InputAsync("n" + Guid.NewGuid().ToString("N")[..8]));
            await page.InvokeAsync(() => page.Find("#webhook-url").InputAsync("https://receiver.invalid/"));
            await page.InvokeAsync(() => page.Find("fieldset input[type=checkbox]").ChangeAsync(true));
            await page.InvokeAsync(() => TypeAsync(page.Find(field), text));
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());

            page.WaitForAssertion(() => Assert.True(IsAnswered(page) || page.FindAll("[data-test=secret]").Count == 1, $"{field}: {Shown(text)}"));
            await page.InvokeAsync(page.Instance.Dispose);
        }
    }

    [Fact]
    public async Task An_invitation()
    {
        var page = Render<UsersPage>();
        page.WaitForElement("#invite-email");
        foreach (var text in Texts)
        {
            await page.InvokeAsync(() => page.Find("#invite-email").ChangeAsync(text));
            await page.InvokeAsync(() => page.Find("form:has(#invite-email)").SubmitAsync());

            page.WaitForAssertion(() => Assert.True(page.Find("#invite-trouble").TextContent.Trim().Length > 0, Shown(text)));
        }
    }

    [Fact]
    public async Task A_file_to_attach()
    {
        using var file = new TerminalFile(Shop.Local);
        foreach (var (field, text) in new[] { "path", "id", "name", "attributes" }.SelectMany(f => Texts.Select(t => (f, t))))
        {
            var page = Render<AttachPage>();
            page.WaitForElement("#attach-path");
            await page.InvokeAsync(() => page.Find("#attach-path").ChangeAsync(file.Path));
            await page.InvokeAsync(() => page.Find("#attach-id").ChangeAsync("T7"));
            await page.InvokeAsync(() => page.Find($"#attach-{field}").ChangeAsync(text));
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());

            page.WaitForAssertion(() => Assert.True(IsAnswered(page), $"{field}: {Shown(text)}"));
        }
    }

    [Fact]
    public async Task A_code_for_a_till_elsewhere()
    {
        foreach (var (field, text) in new[] { "id", "name", "attributes" }.SelectMany(f => Texts.Append("T1").Select(t => (f, t))))
        {
            var page = Render<DeviceCodesPage>();
            page.WaitForElement(".empty, table");
            await page.InvokeAsync(() => page.Find($"#code-{field}").ChangeAsync(text));
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());

            page.WaitForAssertion(() => Assert.True(IsAnswered(page), $"{field}: {Shown(text)}"));
            await page.InvokeAsync(page.Instance.Dispose);
        }
    }

    [Fact]
    public async Task A_terminals_name_and_attributes()
    {
        foreach (var (field, text) in new[] { "name", "attributes" }.SelectMany(f => Texts.Select(t => (f, t))))
        {
            var terminal = (await new TerminalRegistry(_chain.Source).FindAsync("T1", CancellationToken.None))!;
            var page = Render<EditPanel>(p => p.Add(e => e.Terminal, terminal));
            await page.InvokeAsync(() => page.Find($"#edit-{field}").ChangeAsync(text));
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());
            page.WaitForAssertion(() => Assert.True(IsAnswered(page) || page.FindAll("dialog form").Count > 0, $"{field}: {Shown(text)}"));
            if (page.FindAll("dialog form").Count == 0)
                continue;
            await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
            page.WaitForAssertion(() => Assert.True(page.Markup.Contains("Saved", StringComparison.Ordinal), $"{field} {Shown(text)}: {string.Join(" ", page.FindAll("[role=alert], .field-error").Select(e => e.TextContent))}"));
        }
    }

    [Fact]
    public async Task The_table_map()
    {
        var page = Render<MapPage>();
        page.WaitForElement(".map-editor");
        foreach (var (id, text) in page.FindAll(".map-editor .field input:not([type=checkbox]), .map-editor .field textarea").Select(i => i.Id!).ToList().SelectMany(f => Texts.Select(t => (f, t))))
        {
            await page.InvokeAsync(() => page.Find($"#{id}").Change(text));
            await ClickAsync(page, "Check and preview");

            page.WaitForAssertion(() => Assert.True(IsAnswered(page) || page.FindAll("[aria-label='What the map means']").Count > 0, $"{id}: {Shown(text)}"));
            if (page.Markup.Contains("Drop my changes", StringComparison.Ordinal))
                await ClickAsync(page, "Drop my changes");
        }
    }

    [Fact]
    public async Task The_table_map_as_json()
    {
        var page = Render<MapPage>();
        page.WaitForElement(".map-editor");
        await page.FindAll(".tabs a")[1].ClickAsync();
        foreach (var text in Texts.Append("[]").Append("{").Append("{\"tables\": 1}").Append(new string('[', 5_000)))
        {
            await page.InvokeAsync(() => page.Find("#map-json").Change(text));
            await ClickAsync(page, "Check and preview");

            page.WaitForAssertion(() => Assert.True(page.Find("#map-json-error").TextContent.Trim().Length > 0, Shown(text)));
        }
    }

    [Fact]
    public async Task A_file_with_the_table_map()
    {
        var page = Render<MapPage>();
        page.WaitForElement(".map-editor");
        await page.FindAll(".tabs a")[1].ClickAsync();
        foreach (var content in Texts.Append("{").Append("{\"tables\": 1}").Select(Encoding.UTF8.GetBytes).Append([0xff, 0xfe, 0x00, 0xd8, 0x80]))
        {
            page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(content, "map.json"));
            await ClickAsync(page, "Check and preview");

            page.WaitForAssertion(() => Assert.True(page.Find("#map-json-error").TextContent.Trim().Length > 0, Shown(Encoding.UTF8.GetString(content))));
        }
        var before = page.Find("#map-json").GetAttribute("value");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(new byte[3_000_000], "film.json"));
        page.WaitForAssertion(() => Assert.Contains("film.json has 3,000,000 bytes", page.Find("#map-json-error").TextContent, StringComparison.Ordinal));
        Assert.Equal(before, page.Find("#map-json").GetAttribute("value"));
    }

    [Fact]
    public async Task A_connection_to_try()
    {
        var page = Render<SettingsPage>();
        page.WaitForElement("#connection");
        foreach (var text in Texts.Concat(["Host=", "Host=127.0.0.1;Port=99999999", "Host=127.0.0.1;Port=-1", "postgres://a:b@[::1/x", "Host=127.0.0.1;Port=1;Timeout=-5"]))
        {
            await page.InvokeAsync(() => page.Find("#connection").ChangeAsync(text));
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());

            page.WaitForAssertion(() => Assert.True(page.FindAll("[role=alert]").Count > 0 || (text.Trim().Length == 0 && page.FindAll(".notice-good").Count > 0), Shown(text)));
        }
    }

    [Fact]
    public async Task A_setting()
    {
        var page = Render<SettingsPage>();
        page.WaitForAssertion(() => Assert.Contains("Change SYNC_BATCH_SIZE", page.Markup, StringComparison.Ordinal));
        foreach (var text in Texts.Append("123"))
        {
            await ClickAsync(page, "Change SYNC_BATCH_SIZE");
            await page.InvokeAsync(() => page.Find("#setting-value").Input(text));
            await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

            // Taken: the default, or a number of rows. Everything else stays in the dialog with the reason.
            page.WaitForAssertion(() => Assert.Equal(text.Trim().Length > 0 && text != "123", page.FindAll("dialog [role=alert]").Any(a => a.TextContent.Contains("SYNC_BATCH_SIZE", StringComparison.Ordinal))));
            await page.InvokeAsync(() => page.Find("dialog").TriggerEvent("onclose", EventArgs.Empty));
        }
        Assert.Equal("123", await _chain.Database.ScalarAsync<string>("SELECT value FROM console.settings WHERE name = 'SYNC_BATCH_SIZE'"));
        page.WaitForAssertion(() => Assert.Contains("console, by admin", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Since_when_a_table_is_read_again()
    {
        var actions = Render<RereadActions>(p => p.Add(a => a.Targets, [new("T1", "products", SyncDirection.Push)]));
        await actions.InvokeAsync(() => actions.Instance.OpenAsync(isBack: true));
        foreach (var text in new[] { "", "nonsense", "-1", "99999-01-01T00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59" })
        {
            await actions.InvokeAsync(() => actions.Find("#reread-since").ChangeAsync(text));

            actions.WaitForAssertion(() => Assert.True(text.StartsWith("0001", StringComparison.Ordinal) || text.StartsWith("9999-", StringComparison.Ordinal)
                ? actions.FindAll("dialog tbody tr").Count > 0 || actions.FindAll("[role=alert]").Count > 0
                : actions.Find("#reread-since-error").TextContent.Length > 0, text));
        }
    }

    [Fact]
    public async Task A_reason_for_the_audit()
    {
        var terminals = Services.GetRequiredService<TerminalDesk>();
        foreach (var text in Texts)
        {
            var before = (await new TerminalRegistry(_chain.Source).FindAsync("T1", CancellationToken.None))!;
            var dialog = Render<ConfirmDialog>(p => p.Add(d => d.Title, "?").Add(d => d.Verb, "Do it").Add(d => d.Reason, ReasonRule.Required)
                .Add(d => d.Confirm, reason => terminals.EditAsync(new TerminalEdit(before, before.Name, before.Attributes), "ann", reason)));
            await dialog.InvokeAsync(dialog.Instance.ShowAsync);
            await dialog.InvokeAsync(() => dialog.Find("textarea").InputAsync(text));
            await dialog.InvokeAsync(() => dialog.Find("form").SubmitAsync());

            dialog.WaitForAssertion(() => Assert.False(dialog.Instance.IsBusy));
            Assert.Empty(dialog.FindAll("[role=alert]"));
            Assert.Equal(text.Trim().Length == 0 || text.Length > 1_000 || text.Any(char.IsControl), dialog.Find(".field-error").TextContent.Length > 0);
        }
    }

    [Fact]
    public async Task How_many_rows_a_repair_may_write()
    {
        var found = new VerifyReport
        {
            Terminal = "T1",
            StartedAt = DateTimeOffset.UnixEpoch,
            CompletedAt = DateTimeOffset.UnixEpoch,
            Tables = [new VerifyTableReport { Table = "products", Equal = 5, Different = 3, MissingInTerminal = 2 }],
        };
        var panel = Render<RepairPanel>(p => p.Add(r => r.Terminal, "T1").Add(r => r.Found, found));
        // Nobody has said which side is right.
        Assert.Contains(panel.FindAll("button"), b => b.TextContent.Contains("choose a direction", StringComparison.Ordinal) && b.HasAttribute("disabled"));
        await panel.InvokeAsync(() => panel.Find("input[name=repair-from]").ChangeAsync("on"));
        foreach (var text in Texts.Append("0").Append("1.5").Append("4"))
        {
            await panel.InvokeAsync(() => panel.Find("#repair-limit").ChangeAsync(text));

            Assert.Equal(text != "4", panel.Find("#repair-limit-error").TextContent.Length > 0);
            Assert.Equal(text != "4", panel.FindAll("button").Single(b => b.TextContent.Contains("Repair T1 from central", StringComparison.Ordinal)).HasAttribute("disabled"));
        }
    }

    private static Task ClickAsync<T>(IRenderedComponent<T> page, string verb)
        where T : IComponent
    {
        page.WaitForAssertion(() => Assert.Contains(page.FindAll("button"), b => b.TextContent.Contains(verb, StringComparison.Ordinal) && !b.HasAttribute("disabled")));
        return page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Contains(verb, StringComparison.Ordinal)).ClickAsync());
    }

    private static string Shown(string text) => text.Length > 40 ? text[..40] : text;

    private static Task TypeAsync(IElement input, string text) => input.HasAttribute("blazor:oninput") ? input.InputAsync(text) : input.ChangeAsync(text);

    // A reason at a field, or a notice.
    private static bool IsAnswered<T>(IRenderedComponent<T> page)
        where T : IComponent => page.FindAll(".field-error, .notice-bad, .notice-good, .notice-warn, [role=alert]").Any(e => !string.IsNullOrWhiteSpace(e.TextContent));
}
