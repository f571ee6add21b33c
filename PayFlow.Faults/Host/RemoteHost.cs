using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PayFlow.Admin.Api;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Live;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Faults.Host;

/// <summary>The product's host as far as a remote till can see it: its sign-in, its limits, its errors and its endpoints, without pages and jobs, so that it is there in a moment.</summary>
internal sealed class RemoteHost : IAsyncDisposable
{
    private const string NoLimit = "1000000";

    private readonly WebApplication _host;
    private readonly NpgsqlDataSource _central;

    private RemoteHost(WebApplication host, NpgsqlDataSource central)
    {
        _host = host;
        _central = central;
    }

    public Uri Address => new(_host.Urls.First());

    public static async Task<RemoteHost> StartAsync(string central, Sabotage sabotage)
    {
        var source = PostgresSource.Create(central);
        var host = Build(source, sabotage);
        await host.StartAsync();
        return new RemoteHost(host, source);
    }

    /// <summary>As on an administrator's word: what is under way is brought to its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _central.DisposeAsync();
    }

    // The order of AdminHost.
    private static WebApplication Build(NpgsqlDataSource central, Sabotage sabotage)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(AdminHost).Assembly.GetName().Name, EnvironmentName = Environments.Production });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(central);
        builder.Services.AddSingleton(SyncSettings.Read(_ => null));
        builder.Services.AddSingleton(TimeProvider.System);
        var security = SecuritySettings.Read(name => name is SecuritySettings.DeviceRateVariable or SecuritySettings.RateVariable or SecuritySettings.TokenRateVariable ? NoLimit : null);
        builder.Services.AddConsoleSecurity(security);
        builder.Services.AddConsoleApi(security);
        // What the pages need: accounts, and keys of cookies.
        foreach (var service in builder.Services.Where(s => s.ServiceType == typeof(IHostedService)).ToList())
            builder.Services.Remove(service);
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddRemoteTerminals();
        builder.Services.AddSingleton<StoredSettings>();
        var host = builder.Build();
        host.Services.GetRequiredService<RemoteRuns>().IsUnfenced = sabotage == Sabotage.IgnoreFence;
        host.UseRouting();
        host.UseConsoleSecurity();
        host.UseRemoteTerminals();
        host.MapRemoteTerminals();
        return host;
    }
}
