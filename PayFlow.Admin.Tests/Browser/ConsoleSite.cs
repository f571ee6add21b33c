using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayFlow.Admin.Components;
using PayFlow.Admin.Data;
using PayFlow.Admin.Demo;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Sample;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Screenshots;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Browser;

/// <summary>A chain of three tills on a real central, served by the real host on loopback, and a way to look at it with a browser.</summary>
internal sealed class ConsoleSite : IAsyncDisposable
{
    private readonly Chromium _chromium;
    private readonly CentralDatabase _database;
    private readonly string _folder;
    private readonly List<IBrowserContext> _contexts = [];
    private WebApplication? _host;
    private (string Email, string Password) _admin;

    private ConsoleSite(Chromium chromium, CentralDatabase database, Npgsql.NpgsqlDataSource central, DemoChain chain, string folder)
    {
        _chromium = chromium;
        _database = database;
        Central = central;
        Chain = chain;
        _folder = folder;
    }

    public Npgsql.NpgsqlDataSource Central { get; }

    public DemoChain Chain { get; }

    public string Url { get; private set; } = string.Empty;

    /// <summary>The running host's own.</summary>
    public IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("The host does not run.");

    public static async Task<ConsoleSite> OpenAsync(Chromium chromium, bool hasTrouble = true)
    {
        var database = await CentralDatabase.CreateMigratedAsync();
        var folder = TestFolder.Create();
        var options = new SyncOptions();
        var central = await PostgresSource.OpenAsync(database.ConnectionString, CancellationToken.None);
        var chain = await DemoChain.OpenAsync(central, new DemoFolder(folder), options, CancellationToken.None, SampleSize.Small);
        await chain.BootstrapAsync(CancellationToken.None);
        await chain.SyncAsync(CancellationToken.None);
        if (hasTrouble)
            await chain.MakeTroubleAsync(CancellationToken.None);
        var site = new ConsoleSite(chromium, database, central, chain, folder);
        await site.StartAsync();
        return site;
    }

    /// <summary>Starts the host; the second time on the same port.</summary>
    public async Task StartAsync()
    {
        var settings = SyncSettings.Read(_ => null);
        await ConsoleMigrator.MigrateAsync(Central);
        _host = AdminHost.Build(Central, "the test's database", settings, [Url.Length > 0 ? Url : "http://127.0.0.1:0"], _ => null);
        if (await _host.Services.GetRequiredService<FirstAdmin>().CreateDemoAsync(CancellationToken.None) is { } admin)
            _admin = admin;
        await _host.StartAsync();
        Url = _host.Urls.Single();
    }

    public async Task StopAsync()
    {
        if (_host is null)
            return;
        await _host.StopAsync();
        await _host.DisposeAsync();
        _host = null;
    }

    /// <summary>A page of a browser session of its own, signed in as administrator.</summary>
    public async Task<IPage> PageAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var page = await StrangersPageAsync(scheme, width, height);
        await SignInAsync(page, _admin.Email, _admin.Password);
        return page;
    }

    /// <summary>The same for a new user of that role.</summary>
    public async Task<IPage> PageAsync(string role)
    {
        const string Password = "correct horse battery staple";
        var email = $"{role.ToLowerInvariant()}@chain.example";
        var accounts = _host!.Services.GetRequiredService<AccountDesk>();
        await accounts.SetPasswordByLinkAsync((await accounts.InviteAsync(email, role, "test", CancellationToken.None)).Token, Password, CancellationToken.None);
        var page = await StrangersPageAsync();
        await SignInAsync(page, email, Password);
        return page;
    }

    /// <summary>Signs in by the form.</summary>
    public static Task SignInAsync(IPage page, string email, string password) => ConsoleBrowser.SignInAsync(page, email, password);

    /// <summary>A page of a browser session of its own that nobody is signed in to.</summary>
    public async Task<IPage> StrangersPageAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await _chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = Url, ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = height } });
        context.SetDefaultTimeout(20_000);
        _contexts.Add(context);
        return await context.NewPageAsync();
    }

    /// <summary>The first column of the first row of central's answer.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Central.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Goes to a page and waits until it answers.</summary>
    public static Task GoToAsync(IPage page, string url) => ConsoleBrowser.OpenAsync(page, url);

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        await StopAsync();
        await Chain.DisposeAsync();
        await Central.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
