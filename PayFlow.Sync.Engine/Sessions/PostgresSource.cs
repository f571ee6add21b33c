using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Values;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Opens central: the connection pool with the session settings that values need, and its metadata migrated.</summary>
public static class PostgresSource
{
    /// <summary>A pool for a connection string; nothing is connected yet.</summary>
    public static NpgsqlDataSource Create(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "payflow", CommandTimeout = 300 };
        // Without it Npgsql keeps back which value was refused and which parent is missing, and a row could not be told what it waits for.
        builder.IncludeErrorDetail = true;
        CentralSession.ApplyTo(builder);
        return NpgsqlDataSource.Create(builder);
    }

    /// <summary>The same, connected once and migrated.</summary>
    /// <exception cref="SyncException">The server cannot be reached, refuses the sign-in, or lacks a right.</exception>
    public static async Task<NpgsqlDataSource> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var source = Create(connectionString);
        try
        {
            await MetadataMigrator.MigrateAsync(source, null, cancellationToken);
            return source;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SyncException)
        {
            await source.DisposeAsync();
            throw CentralFailure.Translate(e, CentralFailure.Place(connectionString));
        }
    }
}
