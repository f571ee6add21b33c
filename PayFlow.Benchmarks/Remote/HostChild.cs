using Microsoft.Extensions.Logging;
using PayFlow.Admin.Data;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Remote;

/// <summary>This program again, as a process that is nothing but the real host on loopback: what it takes can be told from what its tills take.</summary>
internal static class HostChild
{
    public const string Verb = "host-child";

    /// <summary>Serves until its input ends; says its address when it listens, and for each line that it is sent how many statements it has sent to PostgreSQL since the first.</summary>
    public static async Task<int> RunAsync()
    {
        await using var source = await PostgresSource.OpenAsync(OwnProgram.Central, CancellationToken.None);
        await ConsoleMigrator.MigrateAsync(source);
        // A benchmark asks as fast as it can, all from one address, and must not meet the limits that keep others from that.
        await using var host = AdminHost.Build(source, "the benchmark's database", SyncSettings.Read(_ => null), ["http://127.0.0.1:0"], name => name switch
        {
            "PAYFLOW_DEVICE_RATE_LIMIT" or "PAYFLOW_TOKEN_RATE_LIMIT" => "1000000",
            "Logging__LogLevel__Default" => nameof(LogLevel.Warning),
            _ => null,
        });
        await host.StartAsync();
        Console.WriteLine(host.Urls.Single());
        // Who does not ask does not pay for the counting.
        StatementCounter? statements = null;
        while (await Console.In.ReadLineAsync() is not null)
        {
            statements ??= new StatementCounter();
            Console.WriteLine(statements.Count);
        }
        statements?.Dispose();
        await host.StopAsync();
        return 0;
    }
}
