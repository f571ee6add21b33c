using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Sync.Engine;

namespace PayFlow.Screenshots;

/// <summary>The machine's own Chromium, for whoever looks at the console's pages: pictures, measurements, tests.</summary>
public sealed class ConsoleBrowser : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // No sandbox: the user may be root. The rest keeps the browser from calling its maker.
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

    private readonly IPlaywright _playwright;

    private ConsoleBrowser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        Browser = browser;
    }

    public IBrowser Browser { get; }

    /// <summary>Starts it, without a window.</summary>
    /// <exception cref="SyncException">There is none on this machine.</exception>
    public static async Task<ConsoleBrowser> LaunchAsync()
    {
        var program = Array.Find(Programs, File.Exists)
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Chromium is missing: none of {string.Join(", ", Programs)} is there", "Install it: apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        return new ConsoleBrowser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments }));
    }

    /// <summary>Fills in the sign-in form and waits for the page behind it.</summary>
    public static async Task SignInAsync(IPage page, string email, string password)
    {
        await page.GotoAsync(Urls.SignInPath);
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/");
    }

    /// <summary>Opens a page and waits until it answers to clicks.</summary>
    public static async Task OpenAsync(IPage page, string url)
    {
        await page.GotoAsync(url);
        await page.Locator("html[data-interactive=true]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
