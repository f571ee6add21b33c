using System.Globalization;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>Makes a new cluster with <c>initdb</c>: https://www.postgresql.org/docs/current/app-initdb.html</summary>
internal static class ClusterMaker
{
    /// <summary>The one role of a private cluster.</summary>
    // Not "payflow": a role's own schema comes first in the search path, and PayFlow's metadata schema has that name.
    public const string Role = "postgres";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>The cluster is made under another name and renamed when complete, so that one whose making was cut short is never taken for a cluster.</summary>
    public static async Task MakeAsync(ClusterFolder folder, PostgresPrograms programs, EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        var unfinished = folder.Data + ".new";
        var passwordFile = Path.Combine(folder.Home, "initial.password");
        try
        {
            await ClusterFolder.WriteSecretAsync(passwordFile, folder.Password, cancellationToken);
            await ServerUser.GiveAsync(passwordFile, folder.User, cancellationToken);

            var made = await InitAsync("C.UTF-8");
            // Not every system knows it, and Windows does not. The text is the same UTF-8; only upper() and lower() beyond ASCII differ.
            if (!made.Succeeded && made.Output.Contains("locale", StringComparison.OrdinalIgnoreCase))
                made = await InitAsync("C");
            if (!made.Succeeded)
                throw new SyncException(
                    SyncErrorCode.CentralUnavailable, $"initdb could not make a PostgreSQL cluster in {folder.Home}: {LastLine(made.Output)}", "Check the free space and the rights of that folder.");
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), Settings(options), cancellationToken);
        Directory.Move(unfinished, folder.Data);

        async Task<ChildResult> InitAsync(string locale)
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
            string[] arguments =
            [
                "-D", unfinished, "--encoding=UTF8", "--locale=" + locale, "--username=" + Role,
                "--auth=scram-sha-256", "--pwfile=" + passwordFile, "--data-checksums", .. options.Fsync ? Array.Empty<string>() : ["--no-sync"],
            ];
            return await ChildProcess.RunAsync(programs.InitDb, arguments, folder.User, folder.Home, Timeout, cancellationToken);
        }
    }

    private static string Settings(EmbeddedPostgresOptions options) => string.Create(CultureInfo.InvariantCulture, $"""

        # PayFlow's own cluster. Port, address and sockets are given at each start.
        max_connections = {options.MaxConnections}
        shared_buffers = 128MB
        max_wal_size = 2GB
        fsync = {(options.Fsync ? "on" : "off")}
        password_encryption = 'scram-sha-256'
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'

        """);

    private static string LastLine(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("it said nothing");
}
