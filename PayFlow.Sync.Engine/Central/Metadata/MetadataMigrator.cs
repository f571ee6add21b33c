using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PayFlow.Sync.Engine.Central.Metadata.Migrations;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Brings the schema <c>payflow</c> of a central up to date. Idempotent; several hosts may start together.</summary>
public static partial class MetadataMigrator
{
    /// <summary>How long another host may take before this one gives up; a later start goes on where that one ended.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <summary><c>xid8</c> and <c>gen_random_uuid()</c> came with 13.</summary>
    private static readonly Version OldestServer = new(13, 0);

    /// <summary>All migrations, oldest first; written down so that nothing of EF is started when there is nothing to do.</summary>
    internal static IReadOnlyList<string> Known { get; } = [Initial.Id, Migrations.Integrity.Id, Migrations.DeadLetters.Id];

    /// <summary>Migrates, gives central its identity on first use, and starts a new log generation when the cluster is another one. One query when nothing is to be done.</summary>
    /// <exception cref="SyncException">The server is too old or a standby, the role may not create the schema, central is newer than this program, or another host does not finish.</exception>
    public static Task MigrateAsync(NpgsqlDataSource central, TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        MigrateAsync(central, time ?? TimeProvider.System, NullLogger.Instance, cancellationToken);

    /// <inheritdoc cref="MigrateAsync(NpgsqlDataSource, TimeProvider?, CancellationToken)"/>
    /// <param name="central">The chain's database.</param>
    /// <param name="time">Measures the wait for another host.</param>
    /// <param name="logger">Is told when this host has to wait for another one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task MigrateAsync(NpgsqlDataSource central, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(central);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        RequireServer(connection);
        try
        {
            if (IsCurrent(connection, await MetadataStateQuery.ReadAsync(connection, cancellationToken)))
                return;
            await LockAsync(connection, time, logger, cancellationToken);
            try
            {
                await MigrateLockedAsync(connection, cancellationToken);
            }
            finally
            {
                await UnlockAsync(connection);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw await MetadataPrivilege.ExplainAsync(connection, e, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            throw new SyncException(
                SyncErrorCode.CentralUnavailable,
                $"database {connection.Database} on {connection.Host} cannot be written to: {e.MessageText}",
                "Point the connection string at the primary server, with a role whose transactions are not read-only.",
                e);
        }
    }

    private static async Task MigrateLockedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Read again: another host may have done the work while this one waited for the lock.
        var state = await MetadataStateQuery.ReadAsync(connection, cancellationToken);
        if (IsCurrent(connection, state))
            return;
        if (state is null || !Known.All(state.Applied.Contains))
        {
            await CreateSchemaAsync(connection, cancellationToken);
            await using (var context = PayFlowContext.Open(connection))
                await context.Database.MigrateAsync(cancellationToken);
            state = await MetadataStateQuery.ReadAsync(connection, cancellationToken);
        }
        await CentralIdentityUpsert.ExecuteAsync(connection, state?.Live ?? ClusterIdentity.Unknown, cancellationToken);
    }

    private static bool IsCurrent(NpgsqlConnection connection, MetadataState? state)
    {
        if (state?.Applied.Except(Known, StringComparer.Ordinal).Max(StringComparer.Ordinal) is { } newer)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"database {connection.Database} was upgraded by a newer PayFlow: migration {newer} is not known here",
                "Update PayFlow on this host.");
        }
        return state is { IsCurrent: true };
    }

    /// <summary>Not CREATE SCHEMA IF NOT EXISTS alone: that wants the privilege even when the schema is there.</summary>
    private static async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regnamespace('payflow') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is true)
            return;
        await using var create = new NpgsqlCommand("CREATE SCHEMA IF NOT EXISTS payflow", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task LockAsync(NpgsqlConnection connection, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = AdvisoryKey.Migration });
        for (var waited = false; await command.ExecuteScalarAsync(cancellationToken) is not true; waited = true)
        {
            if (!waited)
                LogWaiting(logger, connection.Database);
            if (time.GetElapsedTime(start) > LockTimeout)
            {
                throw new SyncException(
                    SyncErrorCode.Busy,
                    $"another host has been migrating database {connection.Database} for more than {LockTimeout.TotalMinutes:0} minutes",
                    "Wait for it and start again; pg_locks with locktype 'advisory' shows who holds the lock.")
                { IsTransient = true };
            }
            await Task.Delay(LockPoll, time, cancellationToken);
        }
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        // A broken connection has lost its lock with its session.
        if (connection.FullState != System.Data.ConnectionState.Open)
            return;
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = AdvisoryKey.Migration });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static void RequireServer(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion < OldestServer)
        {
            throw new SyncException(
                SyncErrorCode.CentralUnavailable,
                $"PostgreSQL {connection.PostgreSqlVersion} on {connection.Host} is too old",
                $"Upgrade it to version {OldestServer.Major} or newer.");
        }
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Another host is migrating database {Database}; waiting for it")]
    private static partial void LogWaiting(ILogger logger, string database);
}
