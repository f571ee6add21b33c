using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Data;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Security;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;

namespace PayFlow.Benchmarks.Pages;

/// <summary>A chain with a long history, and the real host that serves it on loopback.</summary>
internal sealed class ServedConsole : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly TillFile _till;

    private ServedConsole(WebApplication host, BenchDatabase central, TillFile till, (string Email, string Password) admin)
    {
        _host = host;
        _till = till;
        Central = central;
        Admin = admin;
    }

    public BenchDatabase Central { get; }

    public (string Email, string Password) Admin { get; }

    public string Address => _host.Urls.Single();

    public static async Task<ServedConsole> StartAsync(BenchContext context)
    {
        var central = await context.CreateDatabaseAsync();
        var path = context.NewFile();
        var till = TillFile.Create(path);
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.UseEngineAsync("sales");
        await TillFile.AttachAsync(path, central);
        await ConsoleMigrator.MigrateAsync(central.Source);
        context.Say("Making a long history");
        LongHistory.FillQueue(till);
        await LongHistory.FillAsync(central);
        await context.SettleAsync();
        var host = AdminHost.Build(central.Source, "the benchmark's database", SyncSettings.Read(_ => null), ["http://127.0.0.1:0"], _ => null);
        var admin = await host.Services.GetRequiredService<FirstAdmin>().CreateDemoAsync(CancellationToken.None) ?? throw new InvalidOperationException("The new database has an administrator.");
        await host.StartAsync();
        return new ServedConsole(host, central, till, admin);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _till.Dispose();
        await Central.DisposeAsync();
    }
}
