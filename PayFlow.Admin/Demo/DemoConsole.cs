using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Demo;

/// <summary>The demo goes on: cashiers sell, the head office works, and the console syncs all of it by a schedule and shows it.</summary>
internal sealed class DemoConsole(DemoChain chain, DemoFolder folder, NpgsqlDataSource central, string place, SyncSettings settings, Func<string, string?> environment, CommandOutput output)
{
    /// <summary>Every ten seconds, so that something can be seen to happen.</summary>
    internal const string Schedule = "*/10 * * * * ?";

    private const string AnyPort = "http://127.0.0.1:0";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private bool _isAway;

    /// <summary>Serves until it is stopped.</summary>
    /// <param name="urls">Where to listen; null for the usual place, or any free port when that is taken.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(string[]? urls, CancellationToken cancellationToken)
    {
        await ConsoleMigrator.MigrateAsync(central, cancellationToken: cancellationToken);
        var (host, admin) = await StartAsync(urls, cancellationToken);
        await using (host)
        {
            output.Line();
            output.Line($"The console: {HostStart.Address(host)}");
            output.Line(admin is { } account
                ? $"Sign in as {account.Email} with the password {account.Password}"
                : "Sign in with the account that you made; its password is not kept anywhere.");
            var (conflicts, deadLetters) = await chain.CountTroublesAsync(cancellationToken);
            output.Line($"Three tills sell and are synced {DemoText.Schedule(await FindScheduleAsync(host, cancellationToken))}. {DemoText.Troubles(conflicts, deadLetters)} Ctrl-C stops; payflow demo goes on from there.");
            await SellAsync(cancellationToken);
            await host.StopAsync(CancellationToken.None);
        }
        output.Line("Stopped. payflow demo goes on from here.");
    }

    private async Task<(WebApplication Host, DemoAdmin? Admin)> StartAsync(string[]? urls, CancellationToken cancellationToken)
    {
        var wanted = urls ?? [AdminHost.DefaultUrls];
        var host = Build(wanted);
        try
        {
            var admin = await folder.AdminAsync(host.Services.GetRequiredService<FirstAdmin>(), cancellationToken);
            await HostStart.RunAsync(host, wanted, cancellationToken);
            return (host, admin);
        }
        catch (SyncException e) when (e.InnerException is IOException && urls is null)
        {
            // Something else has the usual port: nobody asked for that one.
            await host.DisposeAsync();
            return await StartAsync([AnyPort], cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    // Somebody may have edited it in the console at an earlier start.
    private static async Task<ScheduleRecord?> FindScheduleAsync(WebApplication host, CancellationToken cancellationToken) =>
        (await host.Services.GetRequiredService<ScheduleDesk>().ListAsync(cancellationToken)).FirstOrDefault(s => s.Name == DefaultSchedule.Name);

    private WebApplication Build(string[] urls) =>
        AdminHost.Build(central, place, settings.Schedule is null ? settings with { Mode = SyncMode.Cron, Schedule = CronSchedule.Parse(Schedule, "the demo's schedule") } : settings, urls, environment);

    private async Task SellAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, cancellationToken);
                foreach (var till in chain.Tills)
                    chain.Sell(till, Random.Shared.Next(0, 4));
                await WorkAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    // Central may be away for a while, to see what the console says of it: the tills sell on, and the head office works again when it is back.
    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await chain.WorkAsync(Random.Shared.Next(0, 4), cancellationToken);
            _isAway = false;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            if (!_isAway)
                output.Note($"payflow: the head office cannot work, central does not answer: {e.Message.ReplaceLineEndings(" ")}");
            _isAway = true;
        }
    }
}
