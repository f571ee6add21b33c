using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Checkpoints;

/// <summary>
/// Puts checkpoints of a terminal back, so that its next run reads rows again: those changed since an instant, or all. Nothing is lost by it: a row that is as it should be is left alone,
/// and one with a change of its own on the way is not overwritten. All checkpoints move in one transaction of the terminal's file; killed before it nothing has happened, killed behind it all has.
/// </summary>
/// <param name="path">The terminal's SQLite file.</param>
/// <param name="source">Central.</param>
/// <param name="time">The clock for the log.</param>
public sealed class Reread(string path, NpgsqlDataSource source, TimeProvider? time = null)
{
    /// <summary>Says how many rows would be read again, and changes nothing.</summary>
    /// <exception cref="SyncException">One side cannot be read, the file is not this central's, or a table is not synced.</exception>
    public async Task<IReadOnlyList<RereadTable>> PreviewAsync(RereadRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var database = SqliteDatabase.Open(path);
        return [.. (await FindAsync(database, request, cancellationToken)).Select(m => m.Report)];
    }

    /// <summary>Moves the checkpoints, under the terminal's lock, and writes it into the audit.</summary>
    /// <param name="request">Which.</param>
    /// <param name="actor">Who asks for it.</param>
    /// <param name="reason">Why; null when nobody said.</param>
    /// <param name="cancellationToken">Ends it before anything is changed.</param>
    /// <returns>What is read again by the next run.</returns>
    /// <exception cref="SyncException">A run is under way; or as <see cref="PreviewAsync"/>.</exception>
    public async Task<IReadOnlyList<RereadTable>> ExecuteAsync(RereadRequest request, string actor, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var session = await QueueSession.OpenAsync(path, new PostgresCentral(source), "reread", time, cancellationToken);
        var moves = await FindAsync(session.Database, request, cancellationToken);
        var moving = moves.Where(m => m.Report.Moves).ToList();
        if (moving.Count == 0)
            return [.. moves.Select(m => m.Report)];
        await session.AuditAsync(actor, request.Since is null ? "checkpoint.reset" : "checkpoint.back", moving is [var only] ? (only.Report.Table, null) : null, new
        {
            reason,
            since = request.Since,
            tables = moving.Select(m => new { table = m.Report.Table, direction = m.Report.Direction.ToString().ToLowerInvariant(), rows = m.Report.Rows, before = m.Report.From, after = m.Report.To }),
        }, cancellationToken);
        var store = new TerminalStore(session.Database);
        session.Database.Write(() =>
        {
            var tables = store.ReadTables();
            foreach (var move in moving)
                store.WriteTable(tables[move.Report.Table] = move.Apply(tables[move.Report.Table]));
            session.Position = tables.Values.Where(t => session.Plan.Find(t.Name) is { Pushes: true }).Select(t => (LogPosition?)t.Position).Min();
        });
        return [.. moves.Select(m => m.Report)];
    }

    private async Task<List<Move>> FindAsync(SqliteDatabase database, RereadRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var store = new TerminalStore(database);
            var scope = await VerifyScope.LoadAsync(source, connection, store, cancellationToken);
            if (request.Tables?.FirstOrDefault(t => scope.Plan.Find(t) is null) is { } unknown)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {unknown}", $"Synced are: {string.Join(", ", scope.Plan.Tables.Select(t => t.Name))}.") { Terminal = scope.Terminal, Table = unknown };
            var places = new RereadPlaces(scope, connection, store, request.Since);
            var moves = new List<Move>();
            foreach (var table in scope.Plan.Tables.Where(t => request.Tables is null || request.Tables.Contains(t.Name, StringComparer.OrdinalIgnoreCase)))
            {
                if (table.Pulls && request.Direction != SyncDirection.Push)
                    moves.Add(await places.PullAsync(table, cancellationToken));
                if (table.Pushes && request.Direction != SyncDirection.Pull)
                    moves.Add(await places.PushAsync(table, cancellationToken));
            }
            return moves;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(source.ConnectionString));
        }
    }

    /// <summary>A checkpoint's way back.</summary>
    internal sealed record Move(RereadTable Report, Func<TableState, TableState> Apply);
}
