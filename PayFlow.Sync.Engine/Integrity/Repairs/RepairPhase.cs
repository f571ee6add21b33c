using Npgsql;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>
/// Repairs inside of a run, a handful of rows at a time: each is looked at once more, and only what still differs is touched. Rows are written with parents first, removed with children first.
/// </summary>
internal sealed class RepairPhase(RunContext run, NpgsqlDataSource source, VerifyFindings findings, RepairRequest request, RepairTally tally)
{
    // Rows that wait for a parent get another round as long as that helps.
    private const int MaxRounds = 4;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (run.IsRestored || run.IsCentralRestored)
            throw new SyncException(SyncErrorCode.IdentityMismatch, "One side was restored from a backup and has to catch up first", "Sync, then verify, then repair what is left.") { Terminal = run.State.TerminalId };
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var scope = await VerifyScope.LoadAsync(source, connection, run.Store, cancellationToken);
        await run.EnsureAdvancedAsync(cancellationToken);
        await AuditAsync(connection, cancellationToken);
        IRepairSide side = request.From == RepairSource.Central ? new RepairFromCentral(run, tally) : new RepairFromTerminal(run, tally);
        foreach (var table in run.Plan.Tables)
            await RepairAsync(table, [DifferenceKind.Different, Added], connection, scope, side, cancellationToken);
        foreach (var table in run.Plan.Tables.Reverse())
            await RepairAsync(table, [Removed], connection, scope, side, cancellationToken);
    }

    private DifferenceKind Added => request.From == RepairSource.Central ? DifferenceKind.MissingInTerminal : DifferenceKind.MissingInCentral;

    private DifferenceKind Removed => request.From == RepairSource.Central ? DifferenceKind.MissingInCentral : DifferenceKind.MissingInTerminal;

    private async Task RepairAsync(TablePlan table, DifferenceKind[] kinds, NpgsqlConnection connection, VerifyScope scope, IRepairSide side, CancellationToken cancellationToken)
    {
        if (findings.Count(table.Name, isProven: true) == 0 || scope.Plan.Find(table.Name) is not { } planned)
            return;
        var subject = scope.Table(planned);
        var recheck = new VerifyRecheck(connection, run.Database, subject, scope);
        var left = kinds.SelectMany(k => findings.Read(table.Name, isProven: true, VerifyRecheck.RowsAtOnce, k));
        for (var round = 1; round <= MaxRounds; round++)
        {
            var waiting = new List<VerifyFinding>();
            foreach (var handful in left)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var verdicts = await recheck.JudgeAsync(handful, cancellationToken);
                var rows = verdicts.Where(v => v.Outcome == VerifyOutcome.Differs && kinds.Contains(v.Kind)).ToList();
                tally.Add(table.Name, settled: verdicts.Count - rows.Count);
                if (rows.Count > 0)
                    waiting.AddRange(await side.RepairAsync(table, subject, rows, isLast: round == MaxRounds, cancellationToken));
                run.Step("repair-rows-applied");
            }
            if (waiting.Count == 0)
                break;
            left = waiting.Chunk(VerifyRecheck.RowsAtOnce);
        }
    }

    private Task AuditAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => AuditLog.WriteAsync(connection, new AuditRow
    {
        Actor = request.Actor,
        Action = "repair",
        TerminalId = run.State.TerminalId,
        RunId = run.RunId,
        Detail = AuditLog.Detail(new
        {
            from = request.From.ToString().ToLowerInvariant(),
            tables = run.Plan.Tables.Select(t => new { table = t.Name, differences = findings.Count(t.Name, isProven: true) }).Where(t => t.differences > 0),
        }),
    }, cancellationToken);
}
