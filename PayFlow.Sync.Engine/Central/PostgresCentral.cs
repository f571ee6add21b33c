using System.Runtime.CompilerServices;
using Npgsql;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Central.Runs;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central;

/// <summary>
/// Central in PostgreSQL itself, for one terminal. Keeps one connection for the length of a run: the terminal's lock lives and dies with it,
/// and so a batch can never be under way when the lock is free.
/// </summary>
public sealed class PostgresCentral(NpgsqlDataSource source, JournalRetention? journal = null) : ICentral
{
    private const int RunsPerPruning = 64;

    internal Sabotage Sabotage { get; init; }

    /// <summary>The terminal is a till elsewhere: it writes only what the map's <see cref="TableMapEntry.WriteFilter"/> allows. An attached file is trusted like the host that it lies on.</summary>
    public bool IsRemote { get; init; }

    private readonly string _place = CentralFailure.Place(source.ConnectionString);
    private NpgsqlConnection? _connection;
    private CentralPlan? _plan;
    private OpenedRun? _run;
    private Hello? _hello;

    public Task<Welcome> OpenAsync(Hello hello, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await DropConnectionAsync();
        _connection = await source.OpenConnectionAsync(cancellationToken);
        _run = await OpenRun.ExecuteAsync(_connection, hello, _plan?.Oids ?? [], cancellationToken);
        _hello = hello;
        try
        {
            if (_plan is null || !_plan.Fits(_run.PlanVersion, hello, _run.Attributes))
                _plan = await CentralPlan.LoadAsync(_connection, hello, _run.Attributes, IsRemote, cancellationToken);
        }
        catch (SyncException e)
        {
            await AbandonAsync(hello, e);
            throw;
        }
        return new Welcome
        {
            CentralId = _run.CentralId,
            Number = _run.Number,
            Plan = _plan.Plan,
            Counter = _run.Counter,
            Nonce = _run.Nonce,
            Lineage = _run.Lineage,
            Fingerprint = _run.Fingerprint,
            LastSeenAt = _run.LastSeenAt,
            Position = _run.Position,
            Attributes = _run.Attributes,
        };
    });

    public Task AdvanceAsync(long from, long to, Guid nonce, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await using var command = new NpgsqlCommand("UPDATE payflow.terminals SET counter = $3, nonce = $4 WHERE id = $1 AND (counter = $2 OR counter = $3 AND nonce = $4)", Connection)
        {
            Parameters = { new() { Value = _hello!.Terminal }, new() { Value = from }, new() { Value = to }, new() { Value = nonce } },
        };
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {_hello.Terminal} was synced by somebody else meanwhile", "Sync again.") { Terminal = _hello.Terminal };
        return true;
    });

    public Task<UploadResult> UploadAsync(ChangeBatch batch, CancellationToken cancellationToken) =>
        CallAsync(() => _plan!.Uploads.ExecuteAsync(Connection, batch, Sabotage, cancellationToken));

    public Task<UploadResult?> FindResultAsync(Guid batchId, CancellationToken cancellationToken) =>
        CallAsync(() => UploadOperation.FindAsync(Connection, _hello!.Terminal, batchId, cancellationToken));

    public Task<IReadOnlyList<Decision>> DecisionsAsync(IReadOnlyList<ConflictingRow> rows, CancellationToken cancellationToken) =>
        CallAsync(() => ConflictDecisions.ReadAsync(Connection, _plan!, _hello!.Terminal, rows, cancellationToken));

    public Task DeliveredAsync(IReadOnlyList<long> conflicts, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await ConflictDecisions.DeliveredAsync(Connection, _hello!.Terminal, conflicts, cancellationToken);
        return true;
    });

    public Task<LogPosition> PositionAsync(CancellationToken cancellationToken) => CallAsync(() => ChangeLogReader.HorizonAsync(Connection, cancellationToken));

    public Task<ChangePage> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken) =>
        CallAsync(() => new LogDownload(Connection, _plan!, _hello!.Terminal) { Sabotage = Sabotage }.ReadAsync(request, cancellationToken));

    public Task<long> CountAsync(TablePlan table, CancellationToken cancellationToken) => CallAsync(() => TableCopy.CountAsync(Connection, _plan!.Columns[table.Name], cancellationToken));

    public async IAsyncEnumerable<DownloadedRow> ReadTableAsync(TablePlan table, string? afterKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = TableCopy.ReadAsync(Connection, _plan!.Columns[table.Name], afterKey, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = rows.MoveNextAsync();
            // Most rows have arrived already: those are worth no task of their own.
            if (!(next.IsCompletedSuccessfully ? next.Result : await CallAsync(next.AsTask)))
                yield break;
            yield return rows.Current;
        }
    }

    public Task<IReadOnlyList<DownloadedRow>> FetchAsync(TablePlan table, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<DownloadedRow>>(async () => await TerminalKeyFetch.ReadAsync(Connection, _plan!.Columns[table.Name], keys, cancellationToken));

    public Task<StampedPage> DownloadStampedAsync(TablePlan table, StampPosition after, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => StampedRead.ReadAsync(Connection, _plan!.Columns[table.Name], _plan.Captured[table.Name], _hello!.Terminal, after, limit, cancellationToken));

    public Task AuditAsync(ManualAction action, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await AuditLog.WriteAsync(Connection, new AuditRow
        {
            Actor = action.Actor,
            Action = action.Action,
            TerminalId = _hello!.Terminal,
            TableName = action.Table,
            Key = action.Key,
            RunId = _hello.RunId,
            Detail = action.Detail,
        }, cancellationToken);
        return true;
    });

    public Task CloseAsync(RunReport report, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        if (Checkpoints.Of(report, _plan?.IsFirstTerminal ?? false) is { Count: > 0 } checkpoints)
            await _plan!.Settings.SetManyAsync(Connection, null, checkpoints, cancellationToken);
        // A run that was refused says nothing of where the terminal's file lies.
        await CloseRun.ExecuteAsync(Connection, report, report.Error is null ? _hello!.Fingerprint : null, cancellationToken);
        if (report.Moved > 0 && _run!.Counter % RunsPerPruning == 0)
        {
            await ChangeLogPruning.ExecuteAsync(Connection, ChangeLogPruning.Retention, cancellationToken);
            await JournalPruning.ExecuteAsync(Connection, journal ?? new JournalRetention(), cancellationToken);
        }
        await Connection.DisposeAsync();
        _connection = null;
        return true;
    });

    /// <summary>The run that was opened here last; one that could not be opened changes nothing.</summary>
    public Guid? Run => _hello?.RunId;

    /// <summary>A table of the plan; null when there is none of that name, or no run is open.</summary>
    public TablePlan? FindTable(string name) => _plan?.Plan.Find(name);

    /// <summary>A piece of <see cref="ReadTableAsync"/>, read to its end.</summary>
    /// <param name="table">A table of the plan.</param>
    /// <param name="afterKey">Behind this key; from the start when null.</param>
    /// <param name="limit">Rows at most; fewer come when they are large.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<TablePiece> ReadPieceAsync(TablePlan table, string? afterKey, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => TableCopy.ReadPieceAsync(Connection, _plan!.Columns[table.Name], afterKey, limit, cancellationToken));

    /// <summary>The first rows of <see cref="FetchAsync"/>: fewer than keys when they are large.</summary>
    public Task<IReadOnlyList<DownloadedRow>> FetchPieceAsync(TablePlan table, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<DownloadedRow>>(async () => await TerminalKeyFetch.ReadPieceAsync(Connection, _plan!.Columns[table.Name], keys, cancellationToken));

    /// <summary>
    /// Between two calls of a run whose terminal is far away: gives lock and connection back. The run stays the terminal's as long as no other one is opened; the next call needs <see cref="ResumeAsync"/> first.
    /// </summary>
    public Task SuspendAsync() => DropConnectionAsync();

    /// <summary>Takes connection and lock again.</summary>
    /// <exception cref="SyncException">Another run of the terminal was opened meanwhile, or is at work; or the terminal was detached. Transient: it can begin anew.</exception>
    public Task ResumeAsync(CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var hello = _hello ?? throw new InvalidOperationException("No run was opened.");
        await DropConnectionAsync();
        _connection = await source.OpenConnectionAsync(cancellationToken);
        await RunFence.TakeAsync(_connection, hello.Terminal, hello.RunId, _run!, cancellationToken);
        return true;
    });

    public async ValueTask DisposeAsync() => await DropConnectionAsync();

    // The plan does not fit: the run that was begun ends with the reason.
    private async Task AbandonAsync(Hello hello, SyncException e)
    {
        _plan = null;
        var now = DateTimeOffset.UnixEpoch;
        await CloseRun.ExecuteAsync(Connection, new RunReport { RunId = hello.RunId, Terminal = hello.Terminal, Status = RunStatus.Failed, StartedAt = now, CompletedAt = now, Error = e.Message, Hint = e.Hint }, null, CancellationToken.None);
    }

    private NpgsqlConnection Connection => _connection ?? throw new InvalidOperationException("No run is open.");

    // A connection that still holds the lock must not go back into the pool.
    private async Task DropConnectionAsync()
    {
        if (_connection is null)
            return;
        var connection = _connection;
        _connection = null;
        if (connection.State == System.Data.ConnectionState.Open)
        {
            try
            {
                await using var unlock = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", connection) { CommandTimeout = 5 };
                await unlock.ExecuteNonQueryAsync();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                // In the middle of something: then the physical connection goes, and the lock with it.
                NpgsqlConnection.ClearPool(connection);
            }
        }
        await connection.DisposeAsync();
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw CentralFailure.Translate(e, _place);
        }
        // What Npgsql says to the next statement of a connection that has broken.
        catch (InvalidOperationException e) when (_connection is { State: not System.Data.ConnectionState.Open })
        {
            throw new SyncException(SyncErrorCode.CentralUnavailable, $"The connection to PostgreSQL at {_place} was lost", "It is tried again by itself.", e) { IsTransient = true };
        }
    }
}
