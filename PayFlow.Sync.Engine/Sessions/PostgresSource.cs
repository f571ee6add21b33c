using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Values;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Opens central: the connection pool with the session settings that values need, and its metadata migrated.</summary>
public static class PostgresSource
{
    // Two hosts, and whoever else works there, fit into the 100 connections that PostgreSQL has by default.
    private const int MostConnections = 40;

    /// <summary>A pool for a connection string; nothing is connected yet. It holds at most 40 connections, unless the string says otherwise (<c>Maximum Pool Size</c>).</summary>
    public static NpgsqlDataSource Create(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "payflow", CommandTimeout = 300 };
        // Which parent a row waits for, which value is taken already: PostgreSQL says it in the detail, and Npgsql withholds that by default.
        builder.IncludeErrorDetail = true;
        if (!builder.ShouldSerialize("Maximum Pool Size"))
            builder.MaxPoolSize = MostConnections;
        CentralSession.ApplyTo(builder);
        // A role's own schema comes first in PostgreSQL's search path; the chain's tables are not to land among PayFlow's.
        if (builder is { Username: "payflow", SearchPath: null or "" })
            builder.SearchPath = "public";
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
