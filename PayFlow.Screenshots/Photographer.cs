using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Npgsql;
using PayFlow.Admin.Components;
using PayFlow.Admin.Data;
using PayFlow.Admin.Demo;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Sample;
using PayFlow.Admin.Security;
using PayFlow.Admin.Webhooks;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Screenshots;

/// <summary>Makes a chain, serves it, signs in and takes the pictures.</summary>
internal sealed class Photographer(ShotOptions options, Action<string> say)
{
    private const int Rounds = 4;

    private const string Administrator = "ada@example.com";

    public async Task RunAsync()
    {
        await using var chromium = await ConsoleBrowser.LaunchAsync();
        var folder = MakeFolder();
        try
        {
            await using var server = await CentralServer.OpenAsync(null, _ => null, folder, say, CancellationToken.None);
            await using var central = await PostgresSource.OpenAsync(server.ConnectionString, CancellationToken.None);
            await using var chain = await MakeChainAsync(central, Path.Combine(folder, "demo"));
            await ConsoleMigrator.MigrateAsync(central);
            await using var host = AdminHost.Build(central, "localhost/payflow", SyncSettings.Read(name => name == "SYNC_CRON" ? "*/5 * * * *" : null), ["http://127.0.0.1:0"], Setting);
            var admin = await host.Services.GetRequiredService<FirstAdmin>().CreateDemoAsync(CancellationToken.None)
                ?? throw new SyncException(SyncErrorCode.Unexpected, "The new chain has an administrator already", null);
            await host.StartAsync();
            await using var receiver = await StartReceiverAsync();
            var (webhook, delivery) = await TellAsync(host, receiver.Urls.Single(), chain);
            await host.Services.GetRequiredService<DeviceDesk>().CreateCodeAsync("s2-till-02", "Till at the kiosk", null, Administrator, CancellationToken.None);
            await TakeAsync(chromium.Browser, host.Urls.Single(), admin, await PagesAsync(central, chain, webhook, delivery));
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("payflow-shots-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    // The other system of the pictures is on this machine.
    private static string? Setting(string name) => name switch
    {
        WebhookSettings.NetworksVariable => "127.0.0.1",
        WebhookSettings.HttpVariable => "true",
        _ => Environment.GetEnvironmentVariable(name),
    };

    private static async Task<WebApplication> StartReceiverAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = builder.Build();
        receiver.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        await receiver.StartAsync();
        return receiver;
    }

    private static async Task<(Guid Webhook, long Delivery)> TellAsync(WebApplication host, string receiver, DemoChain chain)
    {
        var desk = host.Services.GetRequiredService<WebhookDesk>();
        string[] events = [WebhookEvent.RunFinished, WebhookEvent.RunFailed, WebhookEvent.ConflictOpened, WebhookEvent.DeadLetter];
        var (webhook, _) = await desk.CreateAsync(new WebhookDraft { Name = "bookkeeping", Url = $"{receiver}/payflow", Events = events }, Administrator);
        var delivery = await desk.TestAsync(webhook.Id, Administrator);
        await chain.SyncAsync(CancellationToken.None);
        return (webhook.Id, delivery);
    }

    private async Task<DemoChain> MakeChainAsync(NpgsqlDataSource central, string folder)
    {
        say("Making a chain");
        var chain = await DemoChain.OpenAsync(central, new DemoFolder(folder), new SyncOptions(), CancellationToken.None, SampleSize.Small);
        await chain.BootstrapAsync(CancellationToken.None);
        await chain.SyncAsync(CancellationToken.None);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var till in chain.Tills)
                chain.Sell(till, 5 + round);
            await chain.WorkAsync(10, CancellationToken.None);
            await chain.SyncAsync(CancellationToken.None);
        }
        await chain.MakeTroubleAsync(CancellationToken.None);
        return chain;
    }

    // A conflict in which both sides changed something is worth looking at, and the row that central refuses.
    private static async Task<IReadOnlyList<(string Name, string Url)>> PagesAsync(NpgsqlDataSource central, DemoChain chain, Guid webhook, long delivery)
    {
        var conflicts = await new ConflictDesk(central).ListAsync(new ConflictFilter());
        var refused = QueueReading.List(chain.Tills[0].Path, new QueueFilter { Status = "FAILED" }, 1).Single();
        await using var command = central.CreateCommand("SELECT id FROM payflow.sync_log WHERE records_count > 0 ORDER BY started_at DESC LIMIT 1");
        var run = (Guid)(await command.ExecuteScalarAsync())!;
        return
        [
            ("overview", Urls.Overview), ("terminals", Urls.TerminalList), ("terminal", Urls.Terminal(chain.Tills[0].Id)), ("devices", Urls.DeviceCodes), ("tables", Urls.TableList), ("table", Urls.Table("customers")),
            ("runs", Urls.RunList), ("run", Urls.Run(run)), ("queue", Urls.Queue(chain.Tills[0].Id)), ("queue-entry", Urls.QueueEntry(chain.Tills[0].Id, refused.Table, refused.Key)),
            ("conflicts", Urls.Conflicts()), ("conflict", Urls.Conflict(conflicts.Conflicts[^1].Id)), ("schedules", Urls.ScheduleList), ("jobs", Urls.JobList),
            ("consistency", Urls.Consistency), ("webhooks", Urls.WebhookList), ("webhook", Urls.Webhook(webhook)), ("delivery", Urls.Delivery(webhook, delivery)), ("users", Urls.UserList), ("audit", Urls.AuditList), ("settings", Urls.Settings), ("api", Urls.ApiDocs),
        ];
    }

    private async Task TakeAsync(IBrowser browser, string address, (string Email, string Password) admin, IReadOnlyList<(string Name, string Url)> pages)
    {
        Directory.CreateDirectory(options.Folder);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var size = options.IsNarrow ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1440, Height = 900 };
            await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address, ColorScheme = scheme, ViewportSize = size });
            var page = await context.NewPageAsync();
            await ConsoleBrowser.SignInAsync(page, admin.Email, admin.Password);
            foreach (var (name, url) in pages.Where(p => options.Only.Count == 0 || options.Only.Contains(p.Name)))
            {
                await ConsoleBrowser.OpenAsync(page, url);
                await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                var file = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{scheme.ToString().ToLowerInvariant()}{(options.IsNarrow ? "-narrow" : null)}.png"));
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, Animations = ScreenshotAnimations.Disabled });
                say(file);
            }
        }
    }
}
