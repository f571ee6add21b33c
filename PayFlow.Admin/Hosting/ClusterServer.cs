using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>Starts, finds again and stops the server of a cluster. Every call is made by the holder of the cluster's lock.</summary>
internal sealed class ClusterServer(ClusterFolder folder, PostgresPrograms programs, EmbeddedPostgresOptions options)
{
    private const int Attempts = 10;

    /// <summary>A file in the cluster that only the server that serves this very folder can read back.</summary>
    private const string TokenFile = "payflow.token";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public string ConnectionString(int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = ClusterMaker.Role,
        Password = folder.Password,
        Database = "postgres",
    }.ConnectionString;

    /// <summary>The server of the folder if it runs already: one that another host started, or that a killed host left behind.</summary>
    /// <returns>Null when there is none; what a dead one left behind is then out of the way.</returns>
    public async Task<PostmasterFile?> FindAsync(CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (PostmasterFile.Read(folder.Data) is { } running && running.IsAlive())
        {
            switch (await AskAsync(running.Port, cancellationToken))
            {
                case ServerAnswer.Ours:
                    return running;
                case ServerAnswer.Refused:
                    throw new SyncException(
                        SyncErrorCode.CentralUnavailable,
                        $"The PostgreSQL server of {folder.Data} (process {running.ProcessId}) refuses the password in {folder.DataFolder}.",
                        "Put postgres.password back from a backup, or stop that server.");
                case ServerAnswer.Another:
                    // Our folder is a copy of the one that it serves, its postmaster.pid included.
                    File.Delete(PostmasterFile.PathIn(folder.Data));
                    return null;
                default:
                    if (Stopwatch.GetElapsedTime(since) > options.StartTimeout)
                        throw Failure($"The PostgreSQL server of {folder.Data} (process {running.ProcessId}) does not answer.", "Stop that process and try again.");
                    await Task.Delay(Pause, cancellationToken);
                    break;
            }
        }

        // A server takes a living process of that number for its predecessor, whatever it really is, and refuses to start.
        File.Delete(PostmasterFile.PathIn(folder.Data));
        return null;
    }

    /// <summary>Starts the server on a free port of the loopback address.</summary>
    public async Task<PostmasterFile> StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (File.Exists(folder.Log))
                File.Move(folder.Log, folder.Log + ".old", overwrite: true);
            var port = FreePort();
            // Not cancelled half-way: a server that is on its way up is found and stopped only when it is there.
            var result = await ControlAsync(
                options.StartTimeout,
                ["start", "-l", folder.Log, "-o", string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=")],
                CancellationToken.None);
            if (result.Succeeded && await FindAsync(cancellationToken) is { } started)
                return started;
            if (attempt == Attempts || !IsPassing(LogTail(lines: 20)))
                throw Failure($"PostgreSQL {programs.Major} did not start in {folder.Data}.", $"The reason stands in {folder.Log}.");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Stops the server in order, or at once when it takes too long; nothing to do when there is none.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var mode in (string[])["fast", "immediate"])
        {
            if (PostmasterFile.Read(folder.Data) is not { } running || !running.IsAlive())
                return;
            if ((await ControlAsync(options.StopTimeout, ["stop", "-m", mode], cancellationToken)).Succeeded)
                return;
        }
        if (PostmasterFile.Read(folder.Data) is { } still && still.IsAlive())
            throw Failure($"The PostgreSQL server of {folder.Data} (process {still.ProcessId}) does not stop.", "Stop that process by hand; the cluster recovers at its next start.");
    }

    private Task<ChildResult> ControlAsync(TimeSpan timeout, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(1, (int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ChildProcess.RunAsync(
            programs.PgCtl, ["-D", folder.Data, "-s", "-w", "-t", seconds, .. arguments], folder.User, folder.Home, timeout + TimeSpan.FromSeconds(10), cancellationToken);
    }

    private async Task<ServerAnswer> AskAsync(int port, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        var file = Path.Combine(folder.Data, TokenFile);
        await File.WriteAllTextAsync(file, token, cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(port)) { Pooling = false, Timeout = 5 }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var read = new NpgsqlCommand("SELECT pg_read_file($1)", connection) { Parameters = { new() { Value = TokenFile } } };
            return token.Equals(await read.ExecuteScalarAsync(cancellationToken)) ? ServerAnswer.Ours : ServerAnswer.Another;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => ServerAnswer.Refused,
                PostgresErrorCodes.UndefinedFile => ServerAnswer.Another,
                _ => ServerAnswer.NotYet,
            };
        }
        catch (NpgsqlException)
        {
            return ServerAnswer.NotYet;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private SyncException Failure(string message, string hint) =>
        new(SyncErrorCode.CentralUnavailable, LogTail(lines: 5) is { Length: > 0 } log ? $"{message} Its log ends: {log}" : message, hint);

    private string LogTail(int lines) => File.Exists(folder.Log) ? string.Join(" | ", File.ReadLines(folder.Log).TakeLast(lines)) : "";

    /// <summary>Troubles that are over by the next attempt: another program took the port first, or a killed server's processes are still on their way out.</summary>
    private static bool IsPassing(string log) =>
        log.Contains("could not bind", StringComparison.Ordinal)
        || log.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal)
        || log.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
