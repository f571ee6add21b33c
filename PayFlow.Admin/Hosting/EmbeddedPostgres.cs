using System.ComponentModel;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>
/// PostgreSQL for those who have none running: a private cluster in the data folder, on a free port of the loopback address.
/// Hosts on one data folder share one server; the last of them to leave stops it, and a server that a killed host left behind is taken over.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(3);

    private readonly ClusterFolder _folder;
    private readonly ClusterServer _server;
    private readonly PostmasterFile _process;
    private ClusterLease? _lease;

    private EmbeddedPostgres(ClusterFolder folder, ClusterServer server, ClusterLease lease, PostmasterFile process)
    {
        _folder = folder;
        _server = server;
        _lease = lease;
        _process = process;
    }

    /// <summary>Npgsql's form, with the password, for the database <c>postgres</c>.</summary>
    public string ConnectionString => _server.ConnectionString(Port);

    public int Port => _process.Port;

    /// <summary>The server's main process.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Where the cluster and its log are; outside the data folder when the server's user cannot enter that.</summary>
    public string ClusterHome => _folder.Home;

    /// <summary>Finds PostgreSQL's programs, makes the cluster if there is none, and starts its server or joins the running one.</summary>
    /// <remarks>The <paramref name="dataFolder"/> is created if absent. <paramref name="progress"/> is told what takes long, one line each.</remarks>
    /// <exception cref="SyncException">No programs, programs of another major version, a folder that cannot be used, or a server that does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        string dataFolder, EmbeddedPostgresOptions? options, Action<string>? progress, CancellationToken cancellationToken)
    {
        options ??= new EmbeddedPostgresOptions();
        dataFolder = Path.GetFullPath(dataFolder);
        try
        {
            var folder = await ClusterFolder.OpenAsync(dataFolder, LockTimeout, cancellationToken);
            using var held = await FileLock.TakeAsync(folder.LockFile, LockTimeout, cancellationToken);
            var programs = await PostgresPrograms.FindAsync(folder.Major, dataFolder, cancellationToken);
            if (!folder.IsInitialised)
            {
                progress?.Invoke($"Making a private PostgreSQL {programs.Major} cluster in {folder.Home}");
                await ClusterMaker.MakeAsync(folder, programs, options, cancellationToken);
            }
            return await JoinAsync(folder, new ClusterServer(folder, programs, options), progress, cancellationToken);
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException or Win32Exception)
        {
            throw new SyncException(
                SyncErrorCode.CentralUnavailable,
                $"No private PostgreSQL can be run in the data folder {dataFolder}: {denied.Message}",
                "Choose a data folder that you may write to, or name a server with --central.",
                denied);
        }
    }

    /// <summary>Leaves the server, and stops it when nobody else uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _lease, null) is not { } lease)
            return;
        using var held = await FileLock.TakeAsync(_folder.LockFile, LockTimeout, CancellationToken.None);
        await LeaveAsync(_folder, _server, lease);
    }

    /// <summary>Leaves as a killed host does: the server runs on, and the lease is free but still there.</summary>
    internal void Abandon() => Interlocked.Exchange(ref _lease, null)?.Abandon();

    private static async Task<EmbeddedPostgres> JoinAsync(ClusterFolder folder, ClusterServer server, Action<string>? progress, CancellationToken cancellationToken)
    {
        var lease = ClusterLease.Take(folder.Leases);
        try
        {
            var process = await server.FindAsync(cancellationToken);
            if (process is null)
            {
                progress?.Invoke($"Starting the private PostgreSQL of {folder.Home}");
                process = await server.StartAsync(cancellationToken);
            }
            return new EmbeddedPostgres(folder, server, lease, process);
        }
        catch
        {
            await LeaveAsync(folder, server, lease);
            throw;
        }
    }

    private static async Task LeaveAsync(ClusterFolder folder, ClusterServer server, ClusterLease lease)
    {
        lease.GiveBack();
        if (!ClusterLease.AnyHeld(folder.Leases))
            await server.StopAsync(CancellationToken.None);
    }
}
