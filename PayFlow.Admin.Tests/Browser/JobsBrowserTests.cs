using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Tests.Jobs;
using Xunit;

namespace PayFlow.Admin.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class JobsBrowserTests(Chromium chromium)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PAYFLOW_TEST_PICTURES");

    [Fact]
    public async Task A_schedule_is_made_corrected_at_its_field_and_fires()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        await ConsoleSite.GoToAsync(page, Urls.NewSchedule);

        await page.GetByLabel("Name").FillAsync("busy");
        await page.GetByLabel("Cron", new PageGetByLabelOptions { Exact = false }).First.FillAsync("61 * * * *");
        await Assertions.Expect(page.GetByText("61 is no minute: 0 to 59")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Create the schedule" }).ClickAsync();
        // It stays, with everything that was typed.
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("busy");
        await PictureAsync(page, "schedule-error");
        await page.GetByLabel("Cron", new PageGetByLabelOptions { Exact = false }).First.FillAsync("*/2 * * * * ?");
        await Assertions.Expect(page.GetByText("Every 2 seconds")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Create the schedule" }).ClickAsync();

        await page.WaitForURLAsync($"**{Urls.ScheduleList}");
        var row = page.Locator("table.list tbody tr", new PageLocatorOptions { HasText = "busy" });
        await Assertions.Expect(row.GetByText("3 jobs")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause" }).ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause busy" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Say why")).ToBeVisibleAsync();
        await dialog.GetByLabel("Reason", new LocatorGetByLabelOptions { Exact = false }).FillAsync("stock-taking");
        await PictureAsync(page, "schedule-pause");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause busy" }).ClickAsync();
        await Assertions.Expect(row.GetByText("stock-taking")).ToBeVisibleAsync();
        await PictureAsync(page, "schedules");
    }

    [Fact]
    public async Task A_failed_job_is_found_and_requeued_with_others_by_one_click()
    {
        await using var site = await ConsoleSite.OpenAsync(chromium);
        var page = await site.PageAsync();
        var away = site.Chain.Tills[0].Path + ".away";
        File.Move(site.Chain.Tills[0].Path, away);
        var desk = site.Services.GetRequiredService<JobDesk>();
        var asked = await desk.SubmitAsync(JobRequest.Sync(terminals: [site.Chain.Tills[0].Id]) with { Retry = new JobRetry { Attempts = 1 } }, "the test");
        await Until.TrueAsync(async () => (await desk.ShowAsync(asked.Jobs[0].Id))!.State == JobState.Failed);
        await ConsoleSite.GoToAsync(page, Urls.Jobs("failed"));

        var row = page.Locator(".list-pane tbody tr").First;
        await Assertions.Expect(row).ToContainTextAsync("1 of 1");
        await row.Locator("details.job-error summary").ClickAsync();
        await PictureAsync(page, "jobs-failed");
        File.Move(away, site.Chain.Tills[0].Path);
        await page.GetByLabel("All on this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Requeue" }).ClickAsync();

        await Assertions.Expect(page.GetByText("is requeued.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-tab=failed] .tab-count")).ToHaveTextAsync("0");
        await Until.TrueAsync(async () => (await desk.ShowAsync(asked.Jobs[0].Id))!.State == JobState.Succeeded);
        await page.Locator("[data-tab=succeeded]").ClickAsync();
        await Assertions.Expect(page.Locator(".list-pane tbody tr").First).ToContainTextAsync("Succeeded");
        await PictureAsync(page, "jobs-succeeded");
        await page.Locator(".list-pane tbody a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToContainTextAsync("sync");
        await PictureAsync(page, "job");
        await ConsoleSite.GoToAsync(page, Urls.Jobs("servers"));
        await Assertions.Expect(page.GetByText("serves this page")).ToBeVisibleAsync();
        await PictureAsync(page, "jobs-servers");
        await ConsoleSite.GoToAsync(page, Urls.Jobs("recurring"));
        await PictureAsync(page, "jobs-recurring");
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures is null)
            return;
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{width}-{scheme}.png".ToLowerInvariant()), FullPage = true });
        }
        await page.SetViewportSizeAsync(1440, 900);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }
}
