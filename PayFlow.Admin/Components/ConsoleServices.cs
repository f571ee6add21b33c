using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Audit;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Admin.Views.Consistency;
using PayFlow.Admin.Views.Overview;
using PayFlow.Admin.Views.Queue;
using PayFlow.Admin.Views.Runs;
using PayFlow.Admin.Views.Settings;
using PayFlow.Admin.Views.Tables;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Admin.Views.Users;
using PayFlow.Admin.Views.Webhooks;
using PayFlow.Sync.Engine.Central.Metadata;
using Radzen;

namespace PayFlow.Admin.Components;

/// <summary>The console's part of the host: pages, what they read, and the browser's script.</summary>
internal static class ConsoleServices
{
    private const string BlazorScript = "blazor.web.js";

    /// <summary>In bytes: a map of the longest kind, with every character escaped.</summary>
    private const long LargestMessage = 4_000_000;

    public static IServiceCollection AddConsolePages(this IServiceCollection services, SyncSettings settings)
    {
        services.AddRazorComponents().AddInteractiveServerComponents()
            // A table map, or a long text of a row, is one message; beyond it the circuit would end instead of the field saying why.
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.AddCascadingAuthenticationState();
        services.AddRadzenComponents();
        services.AddSingleton(new StoreZone(settings.StoreZone));
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddScoped<TabVisibility>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<ConflictReader>();
        services.AddSingleton<ConflictSaving>();
        services.AddSingleton<QueueReader>();
        services.AddSingleton<QueueActions>();
        services.AddSingleton<RunDetailReader>();
        services.AddSingleton<SyncExpectations>();
        services.AddSingleton<TerminalReader>();
        services.AddSingleton<TerminalDetailReader>();
        services.AddSingleton<TerminalDesk>();
        services.AddSingleton<DeviceReader>();
        services.AddSingleton<ProvisionDesk>();
        services.AddSingleton<RereadDesk>();
        services.AddSingleton<TableReader>();
        services.AddSingleton<MapDesk>();
        services.AddSingleton<TerminalRegistry>();
        services.AddSingleton<TableMapStore>();
        services.AddSingleton<ConsistencyHistory>();
        services.AddSingleton<RollbackPreview>();
        services.AddSingleton<TableDetailReader>();
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<UserReader>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<ConnectionTest>();
        services.AddSingleton<WebhookReader>();
        services.AddSingleton<DeliveryReader>();
        return services;
    }

    public static void MapConsole(this WebApplication host)
    {
        host.MapStaticAssets().AllowAnonymous();
        // Where the program was built without the official script; see BlazorScript.targets.
        if (typeof(ConsoleServices).Assembly.GetManifestResourceInfo(BlazorScript) is not null)
            host.MapGet($"/_framework/{BlazorScript}", SendScript).AllowAnonymous().ExcludeFromDescription();
        host.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    private static IResult SendScript(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.Stream(typeof(ConsoleServices).Assembly.GetManifestResourceStream(BlazorScript)!, "text/javascript");
    }
}
