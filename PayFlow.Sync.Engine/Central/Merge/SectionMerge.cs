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

    public async Task<SectionResult> MergeAsync(MergeContext context, TableSection section, CancellationToken cancellationToken)
    {
        var tally = new MergeTally();
        var fresh = new List<StagedRow>();
        var changed = new List<StagedRow>();
        foreach (var change in section.Rows)
        {
            if (_encoder.Encode(change, out var refused) is { } row)
                (row.WithBase ? changed : fresh).Add(row);
            else
                tally.Add(refused!);
        }
        foreach (var rows in new[] { fresh, changed })
        {
            if (rows.Count > 0)
                tally.Add(await MergeIsolatedAsync(context, section, rows, cancellationToken));
        }
        return tally.ToResult(section);
    }

    private async Task<MergeTally> MergeIsolatedAsync(MergeContext context, TableSection section, List<StagedRow> rows, CancellationToken cancellationToken)
    {
        await context.ExecuteAsync("SAVEPOINT section", [], cancellationToken);
        try
        {
            var tally = await _set.MergeAsync(context, section, rows, cancellationToken);
            await context.ExecuteAsync("RELEASE SAVEPOINT section", [], cancellationToken);
            return tally;
        }
        catch (PostgresException e) when (RowRefusal.IsOfOneRow(e))
        {
            await context.ExecuteAsync("ROLLBACK TO SAVEPOINT section; RELEASE SAVEPOINT section", [], cancellationToken);
            if (rows.Count > 1)
                return await MergeHalvesAsync(context, section, rows, cancellationToken);
            var alone = new MergeTally();
            alone.Add(RowRefusal.Describe(e, table.Plan, rows[0].Change, context.CentralNames));
            return alone;
        }
    }

    private async Task<MergeTally> MergeHalvesAsync(MergeContext context, TableSection section, List<StagedRow> rows, CancellationToken cancellationToken)
    {
        var middle = rows.Count / 2;
        var tally = await MergeIsolatedAsync(context, section, rows[..middle], cancellationToken);
        tally.Add(await MergeIsolatedAsync(context, section, rows[middle..], cancellationToken));
        return tally;
    }
}
