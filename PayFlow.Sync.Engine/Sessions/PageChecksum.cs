using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>The checksums of what comes down.</summary>
internal static class PageChecksum
{
    public static ulong Of(ChangePage page)
    {
        var sum = ChangeChecksum.Begin();
        sum.Add((ulong)page.Next.Generation);
        sum.Add((ulong)page.Next.Transaction);
        sum.Add((ulong)page.Next.Entry);
        sum.Add((ulong)page.Entries);
        sum.Add(page.IsLast);
        sum.Add(page.IsHeldBack);
        // A dictionary has no order of its own.
        sum.Add((ulong)page.Reload.Count);
        foreach (var (table, clear) in page.Reload.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            sum.Add(table);
            sum.Add(clear);
        }
        sum.Add((ulong)page.Tables.Count);
        foreach (var (table, rows) in page.Tables.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            sum.Add(table);
            Add(ref sum, rows);
        }
        return sum.Value;
    }

    public static ulong Of(StampedPage page)
    {
        var sum = ChangeChecksum.Begin();
        foreach (var place in new[] { page.Next, page.Checkpoint ?? default })
        {
            sum.Add(place.Stamp);
            sum.Add(place.Key);
        }
        sum.Add(page.Checkpoint is not null);
        sum.Add(page.IsLast);
        Add(ref sum, page.Rows);
        return sum.Value;
    }

    /// <summary>What a caller meets whose page is not what central built.</summary>
    public static SyncException Damaged(string what) => new(SyncErrorCode.Protocol, $"{what} was damaged on its way from central", "Nothing of it was written; it is read again by itself.") { IsTransient = true };

    private static void Add(ref ChangeChecksum sum, IReadOnlyList<DownloadedRow> rows)
    {
        sum.Add((ulong)rows.Count);
        foreach (var row in rows)
        {
            sum.Add(row.Key);
            sum.Add(row.Values);
        }
    }
}
