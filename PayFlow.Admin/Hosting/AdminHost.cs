using System.Data.Common;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using PayFlow.Admin.Api;
using PayFlow.Admin.Api.Export;
using PayFlow.Admin.Components;
using PayFlow.Admin.Data;
using PayFlow.Admin.Hosting.Telemetry;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Settings;
using PayFlow.Admin.Webhooks;
using PayFlow.Sync.Engine.Central;

namespace PayFlow.Admin.Hosting;

/// <summary>Puts the host together: sign-in, pages, API, jobs and health checks.</summary>
internal static class AdminHost
{
    public const string DefaultUrls = "http://127.0.0.1:5080";

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The host, not started yet.</summary>
    /// <param name="central">An open central; stays the caller's.</param>
    /// <param name="place">Where it is, for people.</param>
    /// <param name="settings">When to sync, and how.</param>
    /// <param name="urls">Where to listen.</param>
    /// <param name="environment">The process's environment, or another one.</param>
    public static WebApplication Build(NpgsqlDataSource central, string place, SyncSettings settings, string[] urls, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        // The program's own folder and name, whatever the caller's are: there, and under this name, the content lies.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(AdminHost).Assembly.GetName().Name });
        builder.WebHost.UseUrls(urls);
        builder.AddConsoleTelemetry(TelemetrySettings.Read(environment));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // The keys are in central, which is where everything is that they protect.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // A host that cannot listen is told by the command line, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddSingleton(central);
        // As it is, and not made by a factory: what a container makes it disposes, and central stays the caller's.
        builder.Services.AddSingleton<DbDataSource>(central);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        // Before anything that reads the console's tables.
        builder.Services.AddHostedService<ConsoleMigration>();
        builder.Services.AddHostedService<TelemetryExport>();
        var security = SecuritySettings.Read(environment);
        builder.Services.AddConsoleSecurity(security);
        builder.Services.AddConsoleApi(security);
        builder.Services.AddRemoteTerminals();
        builder.Services.AddSingleton(provider => new SettingsReader(
            environment,
            urls,
            () => provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [],
            settings,
            provider.GetRequiredService<ScheduleDesk>(),
            provider.GetRequiredService<StoredSettings>()));
        builder.Services.AddPayFlowJobs();
        builder.Services.AddConsolePages(settings);
        builder.Services.AddWebhooks(WebhookSettings.Read(environment));
        // A batch under way is brought to its end.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));

        // Finds the style sheets of referenced packages also where the program was not published.
        builder.WebHost.UseStaticWebAssets();

        var host = builder.Build();
        host.UseWhen(context => !ApiServices.IsApi(context), pages => pages.UseStatusCodePagesWithReExecute(Urls.NotFound));
        PageFailures.Use(host);
        // Here, and not where the host would put it by itself: a page that is not there has to be looked for once more, as the page that says so.
        host.UseRouting();
        host.UseConsoleSecurity();
        host.UseRemoteTerminals();
        host.MapGet("/health/live", () => Results.Text("live\n")).AllowAnonymous();
        host.MapGet("/health/ready", (CancellationToken cancelled) => ReadyAsync(central, place, cancelled)).AllowAnonymous();
        host.MapMetrics();
        host.MapSignOut();
        host.MapConsoleApi();
        host.MapRemoteTerminals();
        host.MapExports();
        host.MapConsole();
        return host;
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource central, string place, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyTimeout);
        try
        {
            await using var command = central.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return Results.Text("ready\n");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var reason = e is OperationCanceledException ? $"PostgreSQL at {place} did not answer in time" : CentralFailure.Translate(e, place).Message;
            return Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
