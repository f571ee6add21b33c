using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;

namespace PayFlow.Admin.Data;

/// <summary>Brings the schemas <c>console</c> and <c>quartz</c> of a central up to date. Idempotent; several hosts may start together. The engine's own schema has to be there.</summary>
internal static class ConsoleMigrator
{
    /// <summary>"PFSC" in the upper half: not a key of the engine, nor of the chain's own programs.</summary>
    private const long LockKey = 0x50465343L << 32 | 1;

    /// <summary>How long another host may take before this one gives up; a later start goes on where that one ended.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <exception cref="SyncException">The role may not create the schemas, central is newer than this program, or another host does not finish.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource central, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        try
        {
            await LockAsync(connection, time ?? TimeProvider.System, cancellationToken);
            try
            {
                await CreateSchemaAsync(connection, ConsoleContext.Schema, cancellationToken);
                // Quartz makes its tables, but not the schema they are in.
                await CreateSchemaAsync(connection, "quartz", cancellationToken);
                await MigrateLockedAsync(connection, cancellationToken);
            }
            finally
            {
                await UnlockAsync(connection);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"role {connection.UserName} may not create the console's tables in database {connection.Database}: {e.MessageText}",
                $"As its owner: GRANT CREATE ON DATABASE \"{connection.Database}\" TO \"{connection.UserName}\"; or let the owner start the host once.",
                e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(central.ConnectionString));
        }
    }

    private static async Task MigrateLockedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var context = ConsoleContext.Open(connection);
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var newer = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(known, StringComparer.Ordinal).Max(StringComparer.Ordinal);
        if (newer is not null)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"the console of database {connection.Database} was upgraded by a newer PayFlow: migration {newer} is not known here", "Update PayFlow on this host.");
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Not CREATE SCHEMA IF NOT EXISTS alone: that wants the privilege even when the schema is there.</summary>
    private static async Task CreateSchemaAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regnamespace($1) IS NOT NULL", connection) { Parameters = { new() { Value = schema } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is true)
            return;
        await using var create = new NpgsqlCommand($"CREATE SCHEMA IF NOT EXISTS {schema}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task LockAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey } } };
        while (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            if (time.GetElapsedTime(start) > LockTimeout)
            {
                throw new SyncException(
                    SyncErrorCode.Busy,
                    $"another host has been migrating the console of database {connection.Database} for more than {LockTimeout.TotalMinutes:0} minutes",
                    "Wait for it and start again; pg_locks with locktype 'advisory' shows who holds the lock.")
                { IsTransient = true };
            }
            await Task.Delay(LockPoll, time, cancellationToken);
        }
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        // A broken connection has lost its lock with its session.
        if (connection.FullState != ConnectionState.Open)
            return;
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey } } };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
