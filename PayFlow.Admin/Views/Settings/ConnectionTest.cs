using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;

namespace PayFlow.Admin.Views.Settings;

/// <summary>Tries central, or a connection string that somebody thinks of setting. Nothing of it is kept or shown.</summary>
internal sealed class ConnectionTest(NpgsqlDataSource central)
{
    private const int Seconds = 5;

    private const string Look = "SELECT current_setting('server_version'), current_user, current_database(), pg_is_in_recovery(), has_database_privilege(current_database(), 'CREATE')";

    /// <summary>What answers, in words.</summary>
    /// <param name="connectionString">In either form; null: the central of this host.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">It is malformed, or does not answer.</exception>
    public async Task<string> TryAsync(string? connectionString, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return await TryAsync(central, cancellationToken);
        var text = new NpgsqlConnectionStringBuilder(CentralConnection.Resolve(connectionString, static _ => null)) { Timeout = Seconds, CommandTimeout = Seconds, Pooling = false };
        try
        {
            await using var source = NpgsqlDataSource.Create(text);
            return await TryAsync(source, cancellationToken);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // A value that is well-formed and that nothing can be done with, such as port 99999999.
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "This connection cannot be tried: one of its values is out of its range", "Look at the port, the time limits and the files that it names.", e);
        }
    }

    private static async Task<string> TryAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            var start = Stopwatch.GetTimestamp();
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Look, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
            var rights = reader.GetBoolean(3) ? "It is a standby and takes no writes: name the primary." : reader.GetBoolean(4) ? "PayFlow may make its tables there." : "PayFlow may not make its tables there, unless they are there already: GRANT CREATE ON DATABASE.";
            return $"PostgreSQL {reader.GetString(0)} answered in {took} ms, as {reader.GetString(1)} in database {reader.GetString(2)}. {rights}";
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(source.ConnectionString));
        }
    }
}
