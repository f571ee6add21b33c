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
        var loading = logged.Where(t => run.Tables[t.Name].Load != LoadState.Done).ToList();
        foreach (var table in loading)
        {
            if (!await loads.RunAsync(table, cancellationToken))
                return;
        }
        if (!await FollowLogAsync(logged, loads, cancellationToken))
            return;
        foreach (var table in tables.Except(logged))
            await new StampedPush(run).RunAsync(table, cancellationToken);
        // Tables that refer to each other are loaded one after the other: what the first set aside, the second has brought.
        if (loading.Count > 0 || run.Done.Any(t => t is { Direction: SyncDirection.Push, Moved: > 0 }))
            await RetryAsideAsync(cancellationToken);
    }

    // False when it gave way.
    private async Task<bool> FollowLogAsync(List<TablePlan> tables, LoadPhase loads, CancellationToken cancellationToken)
    {
        while (tables.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var positions = tables.ToDictionary(t => t.Name, t => run.Tables[t.Name].Position);
            var page = await run.Central.DownloadAsync(new DownloadRequest(positions, EntriesPerPage, run.IsRestored), cancellationToken);
            run.Step("page-read");
            page.RequireIntact();
            if (page.Entries > 0)
                await WritePageAsync(page, tables, cancellationToken);
            run.Step("page-written");
            foreach (var table in tables.Where(t => page.Reload.ContainsKey(t.Name)))
            {
                if (!await loads.RunAsync(table, cancellationToken))
                    return false;
            }
            if (page.IsLast)
            {
                run.IsHeldBack = page.IsHeldBack;
                break;
            }
            // A page holds rows of every table: whatever the till has booked goes up between two of them.
            if (run.GivesWayDown(int.MaxValue))
                return false;
        }
        return true;
    }

    private async Task WritePageAsync(ChangePage page, List<TablePlan> tables, CancellationToken cancellationToken)
    {
        var rows = tables.Where(t => page.Tables.ContainsKey(t.Name)).SelectMany(t => page.Tables[t.Name].Select(r => new IncomingRow(t, r.Key, r.Values))).ToList();
        if (rows.Count > 0 || page.Reload.Count > 0)
            await run.EnsureAdvancedAsync(cancellationToken);
        if (run.Options.Sabotage == Sabotage.AdvanceFirst)
            AdvanceFirst(page, tables);
        rows.AddRange(await GoneAsync(page, tables, cancellationToken));
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

    private void AdvanceFirst(ChangePage page, List<TablePlan> tables)
    {
        run.Database.Write(() => tables.ForEach(t => Advance(t, page)));
        run.Step("page-sabotaged");
    }

    // Truncated tables: every row that both sides had and that central has not got again goes, children before parents like any deleted row, and what still hangs on one is set aside.
    // A row that central has again is no deleted one: the till's own ON DELETE would carry its delete on to rows that came after the truncate, of tables that are read beyond it and bring nothing back.
    private async Task<List<IncomingRow>> GoneAsync(ChangePage page, List<TablePlan> tables, CancellationToken cancellationToken)
    {
        var gone = new List<IncomingRow>();
        foreach (var table in tables.Where(t => page.Reload.GetValueOrDefault(t.Name)))
        {
            foreach (var keys in run.Tools.Appliers[table.Name].AgreedKeys().Chunk(KeysPerFetch))
                gone.AddRange((await run.Central.FetchAsync(table, keys, cancellationToken)).Where(r => r.Values is null).Select(r => new IncomingRow(table, r.Key, null)));
        }
        return gone;
    }

    private void Advance(TablePlan table, ChangePage page)
    {
        var state = run.Tables[table.Name];
        if (page.Tables.ContainsKey(table.Name))
            run.Of(table.Name, SyncDirection.Push).CheckpointFrom ??= state.Position.ToString();
        if (page.Reload.TryGetValue(table.Name, out var clear))
        {
            // What central has now comes down again from the start. After a truncate nobody looks for more rows that are gone: those that go from now on stand in the log behind this page.
            run.Save(state with { Load = clear ? LoadState.Waiting : LoadState.Reloading, LoadKey = null, Position = clear ? page.Next : state.Position });
        }
        else if (page.Next > state.Position)
        {
            run.Save(state with { Position = page.Next });
        }
    }

    // All in one page: rows that refer to each other can only arrive together.
    private async Task RetryAsideAsync(CancellationToken cancellationToken)
    {
        var rows = new List<IncomingRow>();
        foreach (var (name, all) in ReadAside())
        {
            // What a table that waits to be compared holds may have been changed without a note of it: nothing is written over that.
            if (run.Plan.Find(name) is not { } table || !run.IsSelected(table) || run.Tables.GetValueOrDefault(name) is { WaitsForBootstrap: true })
                continue;
            var keys = all.Where(k => !IsOpen(table, k));
            foreach (var chunk in keys.Chunk(KeysPerFetch))
                rows.AddRange((await run.Central.FetchAsync(table, chunk, cancellationToken)).Select(r => new IncomingRow(table, r.Key, r.Values)));
        }
        if (rows.Count == 0)
            return;
        await run.EnsureAdvancedAsync(cancellationToken);
        run.Database.WriteUncaptured(() => Retry(rows));
    }

    private void Retry(List<IncomingRow> rows)
    {
        // Taken off the list first: whoever is refused again is put back on it, with one attempt more.
        var since = new Dictionary<(string Table, string Key), (long Attempts, string Since)>();
        var read = run.Database.Prepare("SELECT table_name, key, attempts, since FROM payflow_aside");
        while (read.Step())
            since[(read.Text(0)!, read.Text(1)!)] = (read.Integer(2), read.Text(3)!);
        foreach (var row in rows)
            run.Tools.Appliers[row.Table.Name].Accepted(row.Key);
        Count(run.Tools.PageWriter.Write(rows, run.Now));
        foreach (var row in rows)
        {
            if (since.TryGetValue((row.Table.Name, row.Key), out var before))
                run.Database.Prepare("UPDATE payflow_aside SET attempts = attempts + ?3, since = ?4 WHERE table_name = ?1 AND key = ?2").Bind(1, row.Table.Name).Bind(2, row.Key).Bind(3, before.Attempts).Bind(4, before.Since).Run();
        }
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

    // What is set aside is known by central's key, an entry by the row's own: where those differ, another row's entry may well have the same number.
    private bool IsOpen(TablePlan table, string key)
    {
        var entries = new OpenEntries(run.Database, table);
        return table.KeyMode == KeyMode.Linked ? entries.Hold(key) : entries.Has(key);
    }

    private void Count(Dictionary<string, PageTally> tallies)
    {
        foreach (var (table, tally) in tallies)
            run.Of(table, SyncDirection.Push).Add(tally);
    }
}
