using Npgsql;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// Rows that wait for each other: tried once more all together with their deferrable foreign keys checked at the end. Helps or changes nothing.
/// </summary>
internal sealed class CycleMerge(IReadOnlyDictionary<string, SectionMerge> merges)
{
    public async Task<List<SectionResult>> MergeAsync(MergeContext context, List<SectionResult> sections, CancellationToken cancellationToken)
    {
        var waiting = sections.Select((s, i) => context.Batch.Sections[i] with { Rows = Waiting(context.Batch.Sections[i], s) }).ToList();
        await context.ExecuteAsync("SAVEPOINT cycle; SET CONSTRAINTS ALL DEFERRED", [], cancellationToken);
        var merged = new List<SectionResult>(sections.Count);
        try
        {
            for (var i = 0; i < sections.Count; i++)
                merged.Add(waiting[i].Rows.Count == 0 ? sections[i] : Join(sections[i], await merges[waiting[i].Table].MergeAsync(context, waiting[i], cancellationToken)));
            await context.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT cycle", [], cancellationToken);
            return merged;
        }
        catch (PostgresException e) when (RowRefusal.IsOfOneRow(e))
        {
            await context.ExecuteAsync("ROLLBACK TO SAVEPOINT cycle; RELEASE SAVEPOINT cycle; SET CONSTRAINTS ALL IMMEDIATE", [], cancellationToken);
            return sections;
        }
    }

    private static List<RowChange> Waiting(TableSection section, SectionResult result)
    {
        var keys = result.Outcomes.Where(o => o.Status == RowStatus.Waits).Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        return [.. section.Rows.Where(r => keys.Contains(r.Key))];
    }

    private static SectionResult Join(SectionResult first, SectionResult again) => first with
    {
        Inserted = first.Inserted + again.Inserted,
        Updated = first.Updated + again.Updated,
        Deleted = first.Deleted + again.Deleted,
        Unchanged = first.Unchanged + again.Unchanged,
        Conflicts = first.Conflicts + again.Conflicts,
        Failed = first.Failed + again.Failed,
        Waiting = again.Waiting,
        Skipped = first.Skipped + again.Skipped,
        Outcomes = [.. first.Outcomes.Where(o => o.Status != RowStatus.Waits), .. again.Outcomes],
    };
}
