using Npgsql;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>One reading of the log for all of a terminal's tables, and the rows it names as they are now. With nothing new it is one query.</summary>
internal sealed class LogDownload(NpgsqlConnection connection, CentralPlan plan, string terminal)
{
    public Sabotage Sabotage { get; init; }

    // Away for longer than the log reaches back: everything is compared, instead of a part of it missed.
    private static ChangePage Hole(DownloadRequest request, LogPosition from) =>
        new ChangePage(new Dictionary<string, IReadOnlyList<DownloadedRow>>(), request.Tables.Keys.ToDictionary(t => t, _ => false), from, Entries: 1, IsLast: false).Sealed();

    public async Task<ChangePage> ReadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        var from = request.Tables.Values.Min();
        var entries = await ChangeLogReader.ReadAsync(connection, from, request.Limit, Sabotage, cancellationToken);
        if (entries is null)
            return Hole(request, from);
        // Rows are as large as they are, and hundreds of tills may ask at once: what weighs more than a page may is read in halves, down to one entry.
        for (var count = entries.Count; ; count /= 2)
        {
            var isLast = count == entries.Count && count < request.Limit;
            if (await ReadAsync(request, entries.Take(count).ToList(), from, isLast, count > 1 ? RowSize.Batch : long.MaxValue, cancellationToken) is { } page)
                return page.Sealed();
        }
    }

    private async Task<ChangePage?> ReadAsync(DownloadRequest request, List<LogEntry> entries, LogPosition from, bool isLast, long most, CancellationToken cancellationToken)
    {
        var next = entries.Count == 0 ? from : entries[^1].Position;
        var names = plan.Captured.ToDictionary(c => c.Value, c => c.Key);
        var keys = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<(string Table, string Key)>();
        var reload = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            if (!names.TryGetValue(entry.Table, out var table) || !request.Tables.TryGetValue(table, out var read) || entry.Position <= read)
                continue;
            var isOwn = entry.Origin == terminal && !request.IncludeOwn;
            // A terminal's own rows of old are no news to it.
            if (entry.Key is null && isOwn)
                continue;
            if (entry.Key is null)
                reload[table] = entry.Op == 'T' || reload.GetValueOrDefault(table);
            else if (!isOwn)
                Add(table, plan.Columns[table].Normalize(entry.Key));
        }
        var rows = new Dictionary<string, IReadOnlyList<DownloadedRow>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (table, changed) in keys.Where(k => !reload.ContainsKey(k.Key)))
        {
            if (await RowFetch.ReadAsync(connection, plan.Columns[table], changed, most, cancellationToken) is not { } found)
                return null;
            rows[table] = found;
            most -= found.Sum(r => RowSize.Of(r.Values));
        }
        var isHeldBack = isLast && request.IncludeOwn && await ChangeLogReader.HasOwnAsync(connection, next, terminal, cancellationToken);
        return new ChangePage(rows, reload, next, entries.Count, isLast) { IsHeldBack = isHeldBack };

        void Add(string table, string key)
        {
            if (!seen.Add((table, key)))
                return;
            if (!keys.TryGetValue(table, out var list))
                keys.Add(table, list = []);
            list.Add(key);
        }
    }
}
