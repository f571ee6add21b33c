using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Cluster;

/// <summary>
/// A PostgreSQL server of one worker's own, on loopback, that may be stopped at any instant. Without fsync: the server's processes die here, the machine does not, and what a
/// dead process wrote stays with the operating system.
/// </summary>
internal sealed class PrivateCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly PostgresPrograms _programs;
    private readonly string _folder;
    private readonly string? _user;
    private readonly int _port;

    private PrivateCluster(PostgresPrograms programs, string folder, string? user, int port)
    {
        _programs = programs;
        _folder = folder;
        _user = user;
        _port = port;
    }

    private string Data => Path.Combine(_folder, "data");

    /// <param name="folder">A new folder that the server's user can reach; removed by the caller.</param>
    /// <exception cref="SyncException">There are no programs, or the server does not start.</exception>
    public static async Task<PrivateCluster> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var programs = await PostgresPrograms.FindAsync(null, folder, CancellationToken.None);
        var user = await ServerUser.ChooseAsync(folder, CancellationToken.None);
        await ServerUser.GiveAsync(folder, user, CancellationToken.None);
        var cluster = new PrivateCluster(programs, folder, user, FreePort());
        await cluster.RunAsync(programs.InitDb, "-D", cluster.Data, "--encoding=UTF8", "--locale=C", "--username=postgres", "--auth=trust", "--no-sync", "--no-instructions");
        await File.AppendAllTextAsync(Path.Combine(cluster.Data, "postgresql.conf"), """

            fsync = off
            full_page_writes = off
            shared_buffers = 32MB
            dynamic_shared_memory_type = mmap
            max_connections = 40
            max_wal_senders = 0
            wal_level = minimal
            checkpoint_timeout = 1h
            autovacuum = off
            jit = off
            timezone = 'UTC'
            lc_messages = 'C'

            """);
        await cluster.StartServerAsync();
        return cluster;
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Database = database,
        MaxPoolSize = 8,
        // A slow transaction's row lock is a passing trouble, and a seed is to be cheap.
        Options = "-c lock_timeout=60ms",
    }.ConnectionString;

    public Task StartServerAsync() => RunAsync(_programs.PgCtl, "-D", Data, "-s", "-w", "-t", "60", "-l", Path.Combine(_folder, "server.log"), "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="), "start");

    /// <summary>Stops as a crash does: no checkpoint, no goodbye; the next start recovers from the log.</summary>
    public Task CrashAsync() => RunAsync(_programs.PgCtl, "-D", Data, "-s", "-m", "immediate", "stop");

    /// <summary>A fresh copy of a database.</summary>
    public Task CloneAsync(string name, string template) => ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");

    public Task DropAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    /// <summary>Writes a database into a file as SQL.</summary>
    public async Task DumpAsync(string name, string path)
    {
        // The programs that are used may be links from elsewhere; pg_dump lies beside what they point to.
        var programs = Path.GetDirectoryName(File.ResolveLinkTarget(_programs.InitDb, returnFinalTarget: true)?.FullName) ?? _programs.Folder;
        var dump = await ChildProcess.RunAsync(Path.Combine(programs, "pg_dump"), ["-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", name], null, _folder, Patience, CancellationToken.None);
        await File.WriteAllTextAsync(path, dump.Output);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await CrashAsync();
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(program, arguments, _user, _folder, Patience, CancellationToken.None);
        if (!result.Succeeded)
            throw new SyncException(SyncErrorCode.CentralUnavailable, $"{Path.GetFileName(program)} {arguments[^1]} failed in {_folder}: {result.Output}", "Look at server.log in that folder.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
