using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Runs;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>
/// Takes a run back: rows that still are as the run left them become what they were before, the others are listed and left. It is a run of its own, journaled, and can be taken back
/// itself. Central's part is one transaction, the terminal's another; each finds what is back already, so a rollback that died between the two is finished by calling it again.
/// </summary>
/// <remarks>
/// What follows: tables that travel both ways come to the tills by the change log at their next sync. Of tables that travel up only the till keeps its rows, and does not send them again by itself.
/// What is taken from a till does not come down again until central changes the row, its table is read anew, or a repair is asked for. A conflict that was decided stays decided.
/// </remarks>
public sealed class Rollback(NpgsqlDataSource source, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _place = CentralFailure.Place(source.ConnectionString);

    /// <exception cref="SyncException">There is no such run or its journal is gone, another run of the terminal is under way, or the terminal's file is not what central takes it for. Nothing was changed then.</exception>
    public async Task<RollbackReport> RunAsync(RollbackRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var run = await RollbackTarget.FindAsync(connection, request.Run, cancellationToken);
            var terminal = await new TerminalRegistry(source).FindAsync(run.Terminal!, cancellationToken)
                ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Central no longer knows terminal {run.Terminal}", "Its runs cannot be rolled back.") { Terminal = run.Terminal };
            using var file = RollbackFile.Open(request.TerminalPath, terminal);
            return await RunAsync(connection, request, run, file, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw CentralFailure.Translate(e, _place);
        }
    }

    private async Task<RollbackReport> RunAsync(NpgsqlConnection connection, RollbackRequest request, LoggedRun run, RollbackFile file, CancellationToken cancellationToken)
    {
        var (hello, attributes) = await HelloAsync(connection, run, file, cancellationToken);
        // A dry run is a whole rollback of which nothing stays.
        await using var preview = request.IsDryRun ? await connection.BeginTransactionAsync(cancellationToken) : null;
        try
        {
            var opened = await OpenAsync(connection, hello, run, cancellationToken);
            var session = new RollbackSession(connection, request, run, file, hello, opened, _time);
            return await session.ExecuteAsync(attributes ?? opened.Attributes, cancellationToken);
        }
        finally
        {
            if (preview is not null && connection.State == System.Data.ConnectionState.Open)
                await preview.RollbackAsync(CancellationToken.None);
            await UnlockAsync(connection);
        }
    }

    private static async Task<(Hello Hello, IReadOnlyDictionary<string, string>? Attributes)> HelloAsync(NpgsqlConnection connection, LoggedRun run, RollbackFile file, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        if (file.Store is not { } store)
        {
            var (known, attributes) = await TerminalSchema.ReadAsync(connection, run.Terminal!, cancellationToken);
            return (known with { RunId = id, SyncType = "rollback" }, attributes);
        }
        return (new Hello
        {
            Terminal = run.Terminal!,
            RunId = id,
            SyncType = "rollback",
            Direction = SyncDirection.Both,
            Schema = store.ReadSchema(),
            SchemaVersion = store.SchemaVersion(),
            Fingerprint = Fingerprint.Of(file.Path!),
        }, null);
    }

    private static async Task<OpenedRun> OpenAsync(NpgsqlConnection connection, Hello hello, LoggedRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenRun.ExecuteAsync(connection, hello, [], cancellationToken);
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.Busy && run.Status == "RUNNING")
        {
            throw new SyncException(SyncErrorCode.Busy, $"Run {run.Id} is still under way", "Wait until it ends, then roll it back.", e) { Terminal = run.Terminal };
        }
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.State != System.Data.ConnectionState.Open)
            return;
        try
        {
            await using var unlock = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", connection) { CommandTimeout = 5 };
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            // In the middle of something: then the physical connection goes, and the lock with it.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
