using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Tests.Jobs;

/// <summary>A host that does jobs, in this process, with a connection pool of its own.</summary>
internal sealed class JobsHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly NpgsqlDataSource _central;

    private JobsHost(IHost host, NpgsqlDataSource central)
    {
        _host = host;
        _central = central;
    }

    public JobDesk Jobs => _host.Services.GetRequiredService<JobDesk>();

    public ScheduleDesk Schedules => _host.Services.GetRequiredService<ScheduleDesk>();

    public JobBoard Board => _host.Services.GetRequiredService<JobBoard>();

    public IServiceProvider Services => _host.Services;

    /// <param name="connectionString">Central.</param>
    /// <param name="variables">The environment, such as <c>SYNC_CRON</c>.</param>
    public static async Task<JobsHost> StartAsync(string connectionString, params (string Name, string Value)[] variables)
    {
        var host = await CreateAsync(connectionString, variables);
        await host._host.StartAsync();
        return host;
    }

    /// <summary>One that takes no part in the work: a desk for others.</summary>
    public static async Task<JobsHost> CreateAsync(string connectionString, params (string Name, string Value)[] variables)
    {
        var central = PostgresSource.Create(connectionString);
        await ConsoleMigrator.MigrateAsync(central);
        var environment = variables.ToDictionary(v => v.Name, v => v.Value);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(central);
        builder.Services.AddSingleton<System.Data.Common.DbDataSource>(central);
        builder.Services.AddSingleton(SyncSettings.Read(environment.GetValueOrDefault));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPayFlowJobs();
        return new JobsHost(builder.Build(), central);
    }

    /// <summary>Waits until a job is as wanted.</summary>
    public async Task<JobRecord> UntilAsync(long id, Func<JobRecord, bool> condition)
    {
        JobRecord? job = null;
        await Until.TrueAsync(async () => (job = await Jobs.ShowAsync(id)) is not null && condition(job), () => $"job {id} is {job}");
        return job!;
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        await _central.DisposeAsync();
    }
}
