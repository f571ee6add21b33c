using System.Diagnostics;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Central to terminal: rows that were refused before are tried again, tables that were never loaded are loaded, and the change log is followed from the place
/// that the terminal itself keeps. The place moves in the transaction that writes the rows.
/// </summary>
internal sealed class PushPhase(RunContext run)
{
    private const int EntriesPerPage = 5_000;
    private const int KeysPerFetch = 1_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var tables = run.Plan.Tables.Where(t => t.Pushes && run.IsSelected(t) && run.Tables.TryGetValue(t.Name, out var state) && !state.WaitsForBootstrap).ToList();
        await RetryAsideAsync(cancellationToken);
        var logged = tables.Where(t => t.Entry.CentralCapture == CaptureMode.Trigger).ToList();
        var loads = new LoadPhase(run);
        foreach (var table in logged.Where(t => run.Tables[t.Name].Load != LoadState.Done))
            await loads.RunAsync(table, cancellationToken);
        await FollowLogAsync(logged, loads, cancellationToken);
        foreach (var table in tables.Except(logged))
            await new StampedPush(run).RunAsync(table, cancellationToken);
        if (run.Done.Any(t => t is { Direction: SyncDirection.Push, Moved: > 0 }))
            await RetryAsideAsync(cancellationToken);
    }

    private async Task FollowLogAsync(List<TablePlan> tables, LoadPhase loads, CancellationToken cancellationToken)
    {
        while (tables.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var positions = tables.ToDictionary(t => t.Name, t => run.Tables[t.Name].Position);
            var page = await run.Central.DownloadAsync(new DownloadRequest(positions, EntriesPerPage, run.IsRestored), cancellationToken);
            run.Step("page-read");
            if (page.Entries > 0)
                await WritePageAsync(page, tables, cancellationToken);
            run.Step("page-written");
            foreach (var table in tables.Where(t => page.Reload.ContainsKey(t.Name)))
                await loads.RunAsync(table, cancellationToken);
            if (page.IsLast)
                break;
        }
    }

    private async Task WritePageAsync(ChangePage page, List<TablePlan> tables, CancellationToken cancellationToken)
    {
        var rows = tables.Where(t => page.Tables.ContainsKey(t.Name)).SelectMany(t => page.Tables[t.Name].Select(r => new IncomingRow(t, r.Key, r.Values))).ToList();
        if (rows.Count > 0 || page.Reload.Count > 0)
            await run.EnsureAdvancedAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        run.Database.WriteUncaptured(() =>
        {
            Count(run.Tools.PageWriter.Write(rows, run.Now));
            foreach (var table in tables)
                Advance(table, page);
        });
        foreach (var name in page.Tables.Keys)
        {
            var progress = run.Of(name, SyncDirection.Push);
            progress.Read += page.Tables[name].Count;
            progress.Duration += Stopwatch.GetElapsedTime(started) / page.Tables.Count;
            progress.CheckpointTo = run.Tables[name].Position.ToString();
            run.Show(new SyncProgress("push", name, progress.Read, null));
        }
    }

    private void Advance(TablePlan table, ChangePage page)
    {
        var state = run.Tables[table.Name];
        if (page.Tables.ContainsKey(table.Name))
            run.Of(table.Name, SyncDirection.Push).CheckpointFrom ??= state.Position.ToString();
        if (page.Reload.TryGetValue(table.Name, out var clear))
        {
            // The table was truncated: what central has now comes down again from the start.
            if (clear)
                run.Of(table.Name, SyncDirection.Push).Deleted += run.Tools.Appliers[table.Name].DeleteAllAgreed();
            run.Save(state with { Load = clear ? LoadState.Waiting : LoadState.Reloading, LoadKey = null, Position = clear ? default : state.Position });
        }
        else if (page.Next > state.Position)
        {
            run.Save(state with { Position = page.Next });
        }
    }

    private async Task RetryAsideAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, keys) in ReadAside())
        {
            if (run.Plan.Find(name) is not { } table || !run.IsSelected(table))
                continue;
            foreach (var chunk in keys.Chunk(KeysPerFetch))
            {
                var rows = await run.Central.FetchAsync(table, chunk, cancellationToken);
                await run.EnsureAdvancedAsync(cancellationToken);
                run.Database.WriteUncaptured(() => Retry(table, rows));
            }
        }
    }

    private void Retry(TablePlan table, IReadOnlyList<DownloadedRow> rows)
    {
        // Taken off the list first: whoever is refused again is put back on it, with one attempt more.
        var since = new Dictionary<string, (long Attempts, string Since)>(StringComparer.Ordinal);
        var read = run.Database.Prepare("SELECT key, attempts, since FROM payflow_aside WHERE table_name = ?").Bind(1, table.Name);
        while (read.Step())
            since[read.Text(0)!] = (read.Integer(1), read.Text(2)!);
        foreach (var row in rows)
            run.Tools.Appliers[table.Name].Accepted(row.Key);
        Count(run.Tools.PageWriter.Write([.. rows.Select(r => new IncomingRow(table, r.Key, r.Values))], run.Now));
        foreach (var row in rows.Where(r => since.ContainsKey(r.Key)))
            run.Database.Prepare("UPDATE payflow_aside SET attempts = attempts + ?3, since = ?4 WHERE table_name = ?1 AND key = ?2").Bind(1, table.Name).Bind(2, row.Key).Bind(3, since[row.Key].Attempts).Bind(4, since[row.Key].Since).Run();
    }

    private Dictionary<string, List<string>> ReadAside()
    {
        var aside = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var row = run.Database.Prepare("SELECT table_name, key FROM payflow_aside ORDER BY table_name, key");
        while (row.Step())
        {
            if (!aside.TryGetValue(row.Text(0)!, out var keys))
                aside.Add(row.Text(0)!, keys = []);
            keys.Add(row.Text(1)!);
        }
        return aside;
    }

    private void Count(Dictionary<string, PageTally> tallies)
    {
        foreach (var (table, tally) in tallies)
            run.Of(table, SyncDirection.Push).Add(tally);
    }
}
