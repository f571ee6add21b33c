using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Integrity.Repairs;

/// <summary>
/// Writes central's rows into the terminal as a push does: uncaptured, with the run's journal, never over a row that the POS program has changed meanwhile. What the terminal refuses is set aside with its reason.
/// </summary>
internal sealed class RepairFromCentral(RunContext run, RepairTally tally) : IRepairSide
{
    public Task<IReadOnlyList<VerifyFinding>> RepairAsync(TablePlan table, VerifyTable subject, IReadOnlyList<VerifyVerdict> rows, bool isLast, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        run.Database.WriteUncaptured(() =>
        {
            // Central has no key for a row that it never had, nor one for the second of two rows that name the same.
            var known = rows.Where(r => r.Finding.Key is not null && !IsDouble(subject, r)).ToList();
            Write(table, known);
            foreach (var row in rows.Except(known))
                Remove(table, row);
        });
        return Task.FromResult<IReadOnlyList<VerifyFinding>>([]);
    }

    private static bool IsDouble(VerifyTable subject, VerifyVerdict row) => subject.IsLinked && row.Kind == DifferenceKind.MissingInCentral;

    private void Write(TablePlan table, List<VerifyVerdict> rows)
    {
        if (rows.Count == 0)
            return;
        var page = run.Tools.PageWriter.Write([.. rows.Select(r => new IncomingRow(table, r.Finding.Key!, r.Central))], run.Now).Values.Single();
        var progress = run.Of(table.Name, SyncDirection.Push);
        progress.Read += rows.Count;
        progress.Add(page);
        tally.Add(table.Name, page[ApplyOutcome.Inserted] + page[ApplyOutcome.Updated], page[ApplyOutcome.Deleted], page[ApplyOutcome.Unchanged] + page[ApplyOutcome.Busy]);
        if (page.Refused == 0)
            return;
        foreach (var row in rows)
        {
            if (Reason(table, row.Finding.Key!) is { } reason)
                tally.Refuse(table.Name, row.Finding.Key!, reason);
        }
    }

    // By its own key, because central's names another row or none.
    private void Remove(TablePlan table, VerifyVerdict row)
    {
        // The POS program has changed it since the look: the row and its change stay.
        if (run.Tools.Appliers[table.Name].IsOpen(row.LocalKey!))
        {
            tally.Add(table.Name, settled: 1);
            return;
        }
        var dangling = run.Database.DanglingKeys();
        run.Database.Execute("SAVEPOINT remove");
        var reason = TryRemove(table, row.LocalKey!);
        if (reason is null && run.Database.DanglingKeys() > dangling)
            reason = $"{table.Name}: other rows of this terminal still refer to it";
        run.Database.Execute(reason is null ? "RELEASE remove" : "ROLLBACK TO remove; RELEASE remove");
        if (reason is not null)
        {
            tally.Refuse(table.Name, row.LocalKey!, reason);
            return;
        }
        tally.Add(table.Name, removed: 1);
        var progress = run.Of(table.Name, SyncDirection.Push);
        progress.Read++;
        progress.Deleted++;
    }

    private string? TryRemove(TablePlan table, string key)
    {
        try
        {
            run.Tools.Appliers[table.Name].TakeOver(key, null, null, run.Now);
            return null;
        }
        catch (Exception e) when (e is RowRefusedException or SqliteRowException)
        {
            return e.Message;
        }
    }

    private string? Reason(TablePlan table, string key)
    {
        var row = run.Database.Prepare("SELECT reason FROM payflow_aside WHERE table_name = ?1 AND key = ?2 AND attempts > 0").Bind(1, table.Name).Bind(2, key);
        var reason = row.Step() ? row.Text(0) : null;
        row.Reset();
        return reason;
    }
}
