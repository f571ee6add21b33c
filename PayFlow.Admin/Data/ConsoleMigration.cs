using Npgsql;

namespace PayFlow.Admin.Data;

/// <summary>Migrates the console's tables before anything else of the host starts; to be registered first.</summary>
internal sealed class ConsoleMigration(NpgsqlDataSource central, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => ConsoleMigrator.MigrateAsync(central, time, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
