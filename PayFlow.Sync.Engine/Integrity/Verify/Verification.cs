using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// Compares a terminal with central, row by row, and changes nothing. The till may sell on, and a run may go on, meanwhile: what they move is in flight, not different.
/// </summary>
/// <param name="path">The terminal's SQLite file.</param>
/// <param name="source">Central.</param>
/// <param name="time">The clock for the report.</param>
public sealed class Verification(string path, NpgsqlDataSource source, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Compares, and reports per table.</summary>
    /// <exception cref="SyncException">One side cannot be read, the file is not this central's, or a table is not synced.</exception>
    public async Task<VerifyReport> RunAsync(VerifyRequest? request = null, IProgress<SyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var findings = new VerifyFindings();
        return await FindAsync(request ?? new VerifyRequest(), findings, progress, cancellationToken);
    }

    /// <summary>The same; every difference that was proven is among the findings afterwards.</summary>
    internal async Task<VerifyReport> FindAsync(VerifyRequest request, VerifyFindings findings, IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetUtcNow();
        using var database = SqliteDatabase.Open(path);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var store = new TerminalStore(database);
            var scope = await VerifyScope.LoadAsync(source, connection, store, cancellationToken);
            RequireKnown(request, scope.Plan);
            var reports = new List<VerifyTableReport>();
            foreach (var table in scope.Plan.Tables.Where(t => request.Tables is null || request.Tables.Contains(t.Name, StringComparer.OrdinalIgnoreCase)))
            {
                var obstacle = scope.Obstacle(table, store.ReadTables().GetValueOrDefault(table.Name));
                reports.Add(obstacle is not null
                    ? new VerifyTableReport { Table = table.Name, NotCompared = obstacle }
                    : await new VerifyTableRun(scope.Table(table), scope, connection, database, findings, progress).RunAsync(request.Samples, cancellationToken));
            }
            return new VerifyReport { Terminal = scope.Terminal, StartedAt = started, CompletedAt = _time.GetUtcNow(), Tables = reports };
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw CentralFailure.Translate(e, CentralFailure.Place(source.ConnectionString));
        }
    }

    private static void RequireKnown(VerifyRequest request, SyncPlan plan)
    {
        if (request.Tables?.FirstOrDefault(t => plan.Find(t) is null) is { } unknown)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {unknown}", $"Synced are: {string.Join(", ", plan.Tables.Select(t => t.Name))}.") { Table = unknown };
    }
}
