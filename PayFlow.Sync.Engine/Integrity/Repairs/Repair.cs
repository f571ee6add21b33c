using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>
/// Brings one side to what the other has, in exactly the rows that a comparison has proven to differ. It is a run of its own: logged, journaled, and it can be rolled back.
/// Killed anywhere, both sides are consistent; what is left is found by the next one.
/// </summary>
/// <param name="path">The terminal's SQLite file.</param>
/// <param name="source">Central.</param>
/// <param name="options">As for a sync.</param>
/// <param name="time">The clock for logs.</param>
public sealed class Repair(string path, NpgsqlDataSource source, SyncOptions? options = null, TimeProvider? time = null)
{
    /// <summary>Compares, and repairs what differs unless that is only asked about.</summary>
    /// <exception cref="SyncException">More differs than the limit allows, or it has to be confirmed; nothing was changed then. Or the run failed.</exception>
    public async Task<RepairReport> RunAsync(RepairRequest request, IProgress<SyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var findings = new VerifyFindings();
        var found = await new Verification(path, source, time).FindAsync(new VerifyRequest { Tables = request.Tables, Samples = request.Samples }, findings, progress, cancellationToken);
        if (found.IsEqual || request.IsDryRun)
            return new RepairReport { Found = found };
        RequireAllowed(request, found);
        RepairTally? tally = null;
        await using var sync = new TerminalSync(path, new PostgresCentral(source), options, time);
        var run = await sync.RunAsync(new SyncRequest
        {
            SyncType = "repair",
            Direction = request.From == RepairSource.Central ? Tables.SyncDirection.Push : Tables.SyncDirection.Pull,
            // A run that met a passing trouble begins anew, and so does its tally.
            Work = (context, token) => new RepairPhase(context, source, findings, request, tally = new RepairTally(request.Samples)).RunAsync(token),
        }, progress, cancellationToken);
        return new RepairReport { Found = found, RunId = run.RunId, Tables = tally!.Tables, Refused = tally.Refused };
    }

    private static void RequireAllowed(RepairRequest request, VerifyReport found)
    {
        var removed = found.Tables.Sum(t => request.From == RepairSource.Central ? t.MissingInCentral : t.MissingInTerminal);
        if (request.Limit is { } limit && found.Differences > limit)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{found.Differences} rows differ, and the limit is {limit}: nothing was changed", "Look at payflow verify first: a wrong row filter or a wrong file makes many differences. Then repair with a higher --limit, or table by table with --tables.") { Terminal = found.Terminal };
        if (!request.IsConfirmed && (removed > 0 || found.Differences > RepairRequest.SmallRepair))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{found.Differences} rows would be repaired, {removed} of them removed from {(request.From == RepairSource.Central ? "the terminal" : "central")}: nothing was changed", "See what it would do with --dry-run, then say --yes.") { Terminal = found.Terminal };
    }
}
