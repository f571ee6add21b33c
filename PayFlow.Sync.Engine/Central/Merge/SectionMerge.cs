using Npgsql;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// Merges one section: encodes its rows, stages and merges them set-wise, and takes a set that fails apart by halves until the rows that are to blame
/// stand alone. One bad row among thousands costs a handful of statements and nobody else's time.
/// </summary>
internal sealed class SectionMerge(StagedTable table)
{
    private readonly RowEncoder _encoder = new(table);
    private readonly StagedSetMerge _set = new(table);
    private readonly UniqueHolder _unique = new(table);

    public async Task<SectionResult> MergeAsync(MergeContext context, TableSection section, CancellationToken cancellationToken)
    {
        var tally = new MergeTally();
        var fresh = new List<StagedRow>();
        var changed = new List<StagedRow>();
        var withdrawn = new List<RowChange>();
        foreach (var change in section.Rows)
        {
            if (change.IsWithdrawn)
                withdrawn.Add(change);
            else if (_encoder.Encode(change, out var refused) is { } row)
                (row.WithBase ? changed : fresh).Add(row);
            else
                tally.Add(refused!);
        }
        foreach (var rows in new[] { fresh, changed })
        {
            if (rows.Count > 0)
                tally.Add(await MergeIsolatedAsync(context, section, rows, SetHandling.None, cancellationToken));
        }
        await WithdrawAsync(context, withdrawn, tally, cancellationToken);
        return tally.ToResult(section);
    }

    // The terminal has given up a row of its own that central never had, or that central has another one for: with it the conflict goes, and central's row may come down.
    private async Task WithdrawAsync(MergeContext context, List<RowChange> rows, MergeTally tally, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        var closed = await ConflictRecord.WithdrawAsync(context, table.Plan.Name, [.. rows.Select(r => r.Key)], cancellationToken);
        foreach (var row in rows)
        {
            var serverKey = table.IsLinked ? closed.GetValueOrDefault(row.Key) : row.Key;
            tally.Add(new RowOutcome { Key = row.Key, Status = RowStatus.Applied, Reread = serverKey is not null, ServerKey = serverKey });
        }
        tally.Unchanged(rows.Count);
        if (table.IsLinked)
            await context.ExecuteAsync("DELETE FROM payflow.links WHERE terminal_id = $1 AND table_name = $2 AND local_key = ANY ($3)", [context.Terminal, table.Plan.Name, rows.Select(r => r.Key).ToArray()], cancellationToken);
    }

    private async Task<MergeTally> MergeIsolatedAsync(MergeContext context, TableSection section, List<StagedRow> rows, SetHandling handling, CancellationToken cancellationToken)
    {
        await context.ExecuteAsync("SAVEPOINT section", [], cancellationToken);
        try
        {
            var tally = await _set.MergeAsync(context, section, rows, handling, cancellationToken);
            if (tally.Outside.Count > 0)
            {
                await context.ExecuteAsync("ROLLBACK TO SAVEPOINT section; RELEASE SAVEPOINT section", [], cancellationToken);
                return await MergeWithoutAsync(context, section, rows, tally.Outside, handling, cancellationToken);
            }
            await context.ExecuteAsync("RELEASE SAVEPOINT section", [], cancellationToken);
            return tally;
        }
        catch (PostgresException e) when (RowRefusal.IsOfOneRow(e))
        {
            await context.ExecuteAsync("ROLLBACK TO SAVEPOINT section; RELEASE SAVEPOINT section", [], cancellationToken);
            if (rows.Count == 1)
                return await RefuseAsync(context, e, rows[0], cancellationToken);
            return handling.Learn(e, table, _unique, context.CentralNames) is { } better
                ? await MergeIsolatedAsync(context, section, rows, better, cancellationToken)
                : await MergeHalvesAsync(context, section, rows, handling, cancellationToken);
        }
    }

    private async Task<MergeTally> MergeWithoutAsync(MergeContext context, TableSection section, List<StagedRow> rows, IReadOnlyList<StagedRow> outside, SetHandling handling, CancellationToken cancellationToken)
    {
        var refused = outside.ToHashSet(ReferenceEqualityComparer.Instance);
        var rest = rows.Where(r => !refused.Contains(r)).ToList();
        var tally = rest.Count == 0 ? new MergeTally() : await MergeIsolatedAsync(context, section, rest, handling, cancellationToken);
        foreach (var row in outside)
            tally.Add(RowRefusal.Outside(table, row.Change));
        return tally;
    }

    private async Task<MergeTally> MergeHalvesAsync(MergeContext context, TableSection section, List<StagedRow> rows, SetHandling handling, CancellationToken cancellationToken)
    {
        var middle = rows.Count / 2;
        var tally = await MergeIsolatedAsync(context, section, rows[..middle], handling, cancellationToken);
        tally.Add(await MergeIsolatedAsync(context, section, rows[middle..], handling, cancellationToken));
        return tally;
    }

    private async Task<MergeTally> RefuseAsync(MergeContext context, PostgresException e, StagedRow row, CancellationToken cancellationToken)
    {
        var alone = new MergeTally();
        var conflict = await _unique.OpenConflictAsync(context, e, row, cancellationToken);
        if (conflict is not null)
            alone.Conflict();
        alone.Add(conflict ?? RowRefusal.Describe(e, table.Plan, row.Change, context.CentralNames));
        return alone;
    }
}
