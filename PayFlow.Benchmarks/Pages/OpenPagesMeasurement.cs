using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine;

namespace PayFlow.Benchmarks.Pages;

/// <summary>What an open page costs the host: managed memory for each, with so many open in a real browser.</summary>
internal sealed class OpenPagesMeasurement : IMeasurement
{
    private const int Pages = 20;

    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

    public string Name => "open-pages";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        var program = Array.Find(Programs, File.Exists) ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, "Chromium is missing", "Install it: apt-get install chromium");
        await using var console = await ServedConsole.StartAsync(context);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
        await using var session = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = console.Address });
        await SignInAsync(await session.NewPageAsync(), console.Admin);
        var results = new List<BenchResult>();
        foreach (var (name, url) in new[] { ("overview", Urls.Overview), ("runs", Urls.RunList), ("conflicts", Urls.Conflicts()) })
            results.Add(await MeasureAsync(session, name, url));
        return results;
    }

    private static async Task<BenchResult> MeasureAsync(IBrowserContext session, string name, string url)
    {
        // What the first page of its kind makes for all others is not the page's.
        var first = await OpenAsync(session, url);
        var before = Settled();
        var open = new List<IPage>();
        for (var i = 0; i < Pages; i++)
            open.Add(await OpenAsync(session, url));
        var bytes = (Settled() - before) / (double)Pages;
        foreach (var page in open.Append(first))
            await page.CloseAsync();
        return new BenchResult($"open-{name}", 0, null, bytes / 1_048_576, null, $"MB of managed memory for each of {Pages} open pages");
    }

    private static async Task<IPage> OpenAsync(IBrowserContext session, string url)
    {
        var page = await session.NewPageAsync();
        await page.GotoAsync(url);
        await page.Locator("html[data-interactive=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        return page;
    }

    private static async Task SignInAsync(IPage page, (string Email, string Password) admin)
    {
        await page.GotoAsync(Urls.SignInPath);
        await page.Locator("#email").FillAsync(admin.Email);
        await page.Locator("#password").FillAsync(admin.Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/");
        await page.CloseAsync();
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
