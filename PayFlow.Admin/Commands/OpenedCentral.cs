using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary>Central for the length of a verb.</summary>
internal sealed class OpenedCentral : IAsyncDisposable
{
    private readonly CentralServer _server;

    private OpenedCentral(CentralServer server, NpgsqlDataSource source)
    {
        _server = server;
        Source = source;
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Server and database, without user and password.</summary>
    public string Place => CentralFailure.Place(_server.ConnectionString);

    public bool IsEmbedded => _server.IsEmbedded;

    /// <summary>Connects and migrates PayFlow's own tables.</summary>
    public static async Task<OpenedCentral> OpenAsync(string? option, Func<string, string?> environment, string dataFolder, Action<string>? progress, CancellationToken cancellationToken)
    {
        var server = await CentralServer.OpenAsync(option, environment, dataFolder, progress, cancellationToken);
        try
        {
            return new OpenedCentral(server, await PostgresSource.OpenAsync(server.ConnectionString, cancellationToken));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _server.DisposeAsync();
    }
}
