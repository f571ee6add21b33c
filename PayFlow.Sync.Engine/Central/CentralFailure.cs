using System.Net.Sockets;
using Npgsql;

namespace PayFlow.Sync.Engine.Central;

/// <summary>The one place that turns what Npgsql throws into what a user can read: a server error, a network error, or a mistake of ours.</summary>
public static class CentralFailure
{
    /// <summary>The exception to throw instead of <paramref name="e"/>.</summary>
    public static SyncException Translate(Exception e, string place) => e switch
    {
        SyncException known => known,
        PostgresException server => OfServer(server, place),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException or EndOfStreamException } network =>
            new SyncException(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place} cannot be reached: {network.InnerException!.Message}", "Check that the server runs and that host and port are right; what waits is sent when it is back.", e) { IsTransient = true },
        NpgsqlException network => new SyncException(SyncErrorCode.CentralUnavailable, $"The connection to PostgreSQL at {place} failed: {network.Message}", "It is tried again by itself.", e) { IsTransient = true },
        TimeoutException => new SyncException(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place} did not answer in time", "Look for a statement that holds locks; it is tried again by itself.", e) { IsTransient = true },
        _ => new SyncException(SyncErrorCode.Unexpected, e.Message, null, e),
    };

    /// <summary>Server and database of a connection string, without user and password.</summary>
    public static string Place(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{builder.Host}:{builder.Port}/{builder.Database}";
    }

    private static SyncException OfServer(PostgresException e, string place) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place} refuses the sign-in: {e.MessageText}", "Check user name and password of the connection.", e),
        PostgresErrorCodes.InvalidCatalogName => new(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place}: {e.MessageText}", "Check the database name of the connection, or create the database.", e),
        PostgresErrorCodes.InsufficientPrivilege => new(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place}: {e.MessageText}", "Grant the role of the connection the right it lacks.", e),
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter =>
            new(SyncErrorCode.ValueRefused, $"PostgreSQL at {place} keeps no text with a NUL character or with bytes that are not UTF-8", "Take such characters out of the text, then try again.", e),
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable =>
            new(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place}: {e.MessageText}", "It is tried again by itself.", e) { IsTransient = true },
        PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.DatatypeMismatch or PostgresErrorCodes.UndefinedFunction =>
            new(SyncErrorCode.SchemaMismatch, $"PostgreSQL at {place}: {e.MessageText}", "Central's tables changed during the run; sync again, and run payflow schema if it stays.", e) { IsTransient = true },
        _ when e.IsTransient || e.SqlState.StartsWith("57P", StringComparison.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal) || e.SqlState.StartsWith("53", StringComparison.Ordinal) =>
            new(SyncErrorCode.CentralUnavailable, $"PostgreSQL at {place}: {e.MessageText}", "It is tried again by itself.", e) { IsTransient = true },
        _ => new(SyncErrorCode.Unexpected, $"PostgreSQL at {place}: {e.MessageText}{(e.Detail is null ? string.Empty : " (" + e.Detail + ")")}", e.Hint, e),
    };
}
