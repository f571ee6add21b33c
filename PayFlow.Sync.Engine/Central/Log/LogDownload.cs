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
            rows[table] = await RowFetch.ReadAsync(connection, plan.Columns[table], changed, cancellationToken);
        var isLast = entries.Count < request.Limit;
        var isHeldBack = isLast && request.IncludeOwn && await ChangeLogReader.HasOwnAsync(connection, next, terminal, cancellationToken);
        return new ChangePage(rows, reload, next, entries.Count, isLast) { IsHeldBack = isHeldBack }.Sealed();

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
