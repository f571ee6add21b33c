using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Screenshots;

namespace PayFlow.Benchmarks.Pages;

/// <summary>What an open page costs the host: managed memory for each, with so many open in a real browser.</summary>
internal sealed class OpenPagesMeasurement : IMeasurement
{
    private const int Pages = 20;

    public string Name => "open-pages";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var chromium = await ConsoleBrowser.LaunchAsync();
        await using var console = await ServedConsole.StartAsync(context);
        await using var session = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = console.Address });
        var entrance = await session.NewPageAsync();
        await ConsoleBrowser.SignInAsync(entrance, console.Admin.Email, console.Admin.Password);
        await entrance.CloseAsync();
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
        await ConsoleBrowser.OpenAsync(page, url);
        return page;
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
