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
    /// <param name="option">What <c>--central</c> says.</param>
    /// <param name="environment">Looked at without it.</param>
    /// <param name="dataFolder">Where a private server lives.</param>
    /// <param name="progress">Told what takes long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="inspect">Looks at the database before anything is written to it; may refuse.</param>
    public static async Task<OpenedCentral> OpenAsync(
        string? option, Func<string, string?> environment, string dataFolder, Action<string>? progress, CancellationToken cancellationToken, Func<NpgsqlDataSource, Task>? inspect = null)
    {
        var server = await CentralServer.OpenAsync(option, environment, dataFolder, progress, cancellationToken);
        try
        {
            if (inspect is not null)
            {
                await using var untouched = PostgresSource.Create(server.ConnectionString);
                await inspect(untouched);
            }
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
