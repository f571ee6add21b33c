using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;

namespace PayFlow.Admin.Hosting;

/// <summary>The central database to work with: the one that is configured, or a private one for as long as this lives.</summary>
public sealed class CentralServer : IAsyncDisposable
{
    private const string EmbeddedDatabase = "payflow";

    private readonly EmbeddedPostgres? _embedded;

    private CentralServer(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        _embedded = embedded;
    }

    /// <summary>Npgsql's form, password included: never to be shown or logged.</summary>
    public string ConnectionString { get; }

    public bool IsEmbedded => _embedded is not null;

    /// <summary>The configured central (see <see cref="CentralConnection.Resolve"/>), which is not contacted here, or else a private server in the data folder.</summary>
    /// <exception cref="SyncException">A malformed connection string, or a private server that cannot be run.</exception>
    public static Task<CentralServer> OpenAsync(string? option, string dataFolder, Action<string>? progress, CancellationToken cancellationToken) =>
        OpenAsync(option, Environment.GetEnvironmentVariable, dataFolder, progress, cancellationToken);

    /// <summary>The same with an environment of the caller's.</summary>
    /// <exception cref="SyncException">A malformed connection string, or a private server that cannot be run.</exception>
    public static async Task<CentralServer> OpenAsync(
        string? option, Func<string, string?> environment, string dataFolder, Action<string>? progress, CancellationToken cancellationToken)
    {
        if (CentralConnection.Resolve(option, environment) is { } configured)
            return new CentralServer(configured, embedded: null);

        var embedded = await EmbeddedPostgres.StartAsync(dataFolder, options: null, progress, cancellationToken);
        try
        {
            await CreateDatabaseAsync(embedded.ConnectionString, cancellationToken);
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
        return new CentralServer(new NpgsqlConnectionStringBuilder(embedded.ConnectionString) { Database = EmbeddedDatabase }.ConnectionString, embedded);
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }

    private static async Task CreateDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection) { Parameters = { new() { Value = EmbeddedDatabase } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is true)
            return;
        try
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {PostgresName.Quote(EmbeddedDatabase)}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException other) when (other.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another host on this data folder was quicker.
        }
    }
}
