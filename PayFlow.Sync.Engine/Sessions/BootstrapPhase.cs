using System.Diagnostics;
using System.Text.Json;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Compares the rows that are older than the capture with central, chunk by chunk in key order: links what both sides have, uploads what central lacks. Goes on where it
/// stopped; done again it changes nothing, because equal rows are only recognised.
/// </summary>
internal sealed class BootstrapPhase(RunContext run, PullPhase pull)
{
    /// <param name="all">Everything that waits, because somebody asked for it; or only what is sent again to a central that was restored.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    public async Task RunAsync(bool all, CancellationToken cancellationToken)
    {
        foreach (var table in run.Plan.Tables.Where(t => run.IsSelected(t) && run.Tables.TryGetValue(t.Name, out var state) && state.WaitsForBootstrap && (all || state.IsResent)))
        {
            if (!run.Request.IsDryRun)
                await SendOpenEntriesAsync(table, cancellationToken);
            if (run.HasGivenWay || !await CompareAsync(table, cancellationToken))
                return;
        }
    }

    // Rows of old that the POS program has changed since travel by the queue. They go first, while it is still known that central may never have had them:
    // afterwards a row with a before-image that central lacks counts as deleted there.
    private async Task SendOpenEntriesAsync(TablePlan table, CancellationToken cancellationToken)
    {
        var entries = new BatchBuilder(run, deletes: false, table);
        while (entries.Next() is { } batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            var result = await pull.SendAsync(batch, cancellationToken);
            foreach (var section in result.Sections)
                run.Of(section.Table, SyncDirection.Pull).Add(section, Stopwatch.GetElapsedTime(started) / result.Sections.Count);
        }
    }

    // False when it gave way.
    private async Task<bool> CompareAsync(TablePlan table, CancellationToken cancellationToken)
    {
        var total = run.Store.CountRows(table.Name);
        var state = run.Tables[table.Name];
        var after = state.BootstrapKey is { } saved && !run.Request.IsDryRun ? JsonSerializer.Deserialize<CellValue[]>(saved, CellJson.Options)! : null;
        var (rows, last) = Read(table, after);
        while (last is { } end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            SectionResult result;
            ((rows, last), result) = await SendAsync(table, rows, end, cancellationToken);
            var progress = run.Of(table.Name, SyncDirection.Pull);
            progress.Add(result, Stopwatch.GetElapsedTime(started));
            run.Show(new SyncProgress("bootstrap", table.Name, progress.Read, total));
            if (last is not null && run.GivesWayUp(table.Entry.Priority))
                return false;
        }
        run.Show(new SyncProgress("bootstrap", table.Name, run.Of(table.Name, SyncDirection.Pull).Read, total), always: true);
        if (!run.Request.IsDryRun)
            run.Database.Write(() => Finish(table));
        run.Step("bootstrap-table-done");
        return true;
    }

    private void Finish(TablePlan table)
    {
        // What central would not take yet is nothing both sides agreed on, so it has no before-image either.
        run.Database.Prepare("UPDATE sync_queue SET base = NULL, action = 'INSERT' WHERE entity_type = ? AND action = 'UPDATE' AND batch_id IS NULL AND (status = 'FAILED' OR last_error IS NOT NULL) AND status <> 'CONFLICT'")
            .Bind(1, table.Name).Run();
        run.Save(run.Tables[table.Name] with { WaitsForBootstrap = false, IsResent = false, BootstrapKey = null });
    }

    // Central works on a chunk while the next one is read. What the POS program changes after the reading has its own entry in the queue.
    private async Task<((List<RowChange> Rows, CellValue[]? Last) Next, SectionResult Result)> SendAsync(TablePlan table, List<RowChange> rows, CellValue[] last, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return (Read(table, last), new SectionResult { Table = table.Name, Columns = [] });
        if (!run.Request.IsDryRun)
            await run.EnsureAdvancedAsync(cancellationToken);
        var (sent, refused) = new UploadRoom(run.Central).Split(table.Name, rows);
        var batch = new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run.RunId,
            Seen = run.Tables[table.Name].Position,
            IsDryRun = run.Request.IsDryRun,
            Sections = [new TableSection
            {
                Table = table.Name,
                Columns = run.Tools.Queues[table.Name].Columns,
                Rows = sent,
                IsBootstrap = true,
                IsLinked = false,
                IsLinkOnly = !table.Pulls,
                BaseUnknown = run.Tables[table.Name].IsResent,
            }],
        }.Sealed();
        var reading = Task.Run(() => Read(table, last), CancellationToken.None);
        var result = new SectionResult { Table = table.Name, Columns = batch.Sections[0].Columns };
        try
        {
            if (sent.Count > 0)
                result = (await run.Central.UploadAsync(batch, cancellationToken)).Sections[0];
        }
        finally
        {
            // Nothing else may use the file until the reading has ended.
            await Task.WhenAny(reading);
        }
        result = UploadRoom.With(result, refused);
        run.Step("bootstrap-chunk-applied");
        if (!run.Request.IsDryRun)
            run.Database.WriteUncaptured(() => Acknowledge(table, rows, result, last));
        var next = await reading;
        // A trigger of the POS program may have answered what was taken over by changing rows that were read already.
        return (result.Outcomes.Any(o => o.Central is not null) ? Read(table, last) : next, result);
    }

    private (List<RowChange> Rows, CellValue[]? Last) Read(TablePlan table, CellValue[]? after)
    {
        var keys = table.TerminalKey.Select(k => "t." + SqliteName.Quote(k.Name)).ToList();
        var columns = table.Columns.Select(c => "t." + SqliteName.Quote(c.Terminal.Name));
        var sql = $"""
            SELECT {KeySql.Text(table, "t")}, q.entity_id IS NOT NULL, q.base, {(table.KeyMode == KeyMode.Linked ? "t." + SqliteName.Quote(table.ServerIdColumn!) : "NULL")}, {string.Join(", ", keys.Concat(columns))}
            FROM {SqliteName.Quote(table.Name)} t LEFT JOIN sync_queue q ON q.entity_type = {SqliteName.Literal(table.Name)} AND q.entity_id = {KeySql.Text(table, "t")}
            {(after is null ? string.Empty : $"WHERE ({string.Join(", ", keys)}) > ({string.Join(", ", keys.Select((_, i) => $"?{i + 1}"))})")}
            ORDER BY {string.Join(", ", keys)}
            LIMIT ?{keys.Count + 1}
            """;
        var statement = run.Database.Prepare(sql).Bind(keys.Count + 1, Math.Min(table.Entry.BatchSize ?? run.RowsPerBatch, run.RowsPerBatch));
        for (var i = 0; after is not null && i < after.Length; i++)
            statement.Bind(i + 1, after[i]);
        var queue = run.Tools.Queues[table.Name];
        var rows = new List<RowChange>();
        CellValue[]? last = null;
        var size = 0L;
        var room = new UploadRoom(run.Central).Weight;
        while (size < room && statement.Step())
        {
            var image = statement.Text(2);
            // A row that was changed meanwhile is compared as it was before; the change itself travels by the queue, and so does a new row.
            var row = image is not null ? new RowChange { Key = statement.Text(0)!, ServerKey = statement.Text(3) ?? QueueTable.ServerKeyOf(table, image), Values = queue.ReadImage(image) }
                : statement.Integer(1) == 0 ? new RowChange { Key = statement.Text(0)!, ServerKey = statement.Text(3), Values = queue.ReadRow(statement, 4 + keys.Count) }
                : null;
            size += RowSize.Of(row?.Values);
            // A heavy row begins a chunk of its own.
            if (rows.Count > 0 && size > room)
                break;
            last = [.. Enumerable.Range(4, keys.Count).Select(statement.Column)];
            if (row is not null)
                rows.Add(row);
        }
        statement.Reset();
        return (rows, last);
    }

    private void Acknowledge(TablePlan table, List<RowChange> rows, SectionResult result, CellValue[] last)
    {
        var outcomes = result.Outcomes.ToDictionary(o => o.Key, StringComparer.Ordinal);
        var applier = run.Tools.Appliers[table.Name];
        var hasBookkeeping = table.SyncStatusColumn is not null || table.LastSyncColumn is not null || table.ServerIdColumn is not null;
        foreach (var row in rows)
        {
            var outcome = outcomes.GetValueOrDefault(row.Key);
            if (outcome is { Status: not RowStatus.Applied and not RowStatus.Skipped })
                run.Tools.Acknowledgement.Keep(table, row.Key, outcome);
            else if (outcome is { Central: { } values } && !HasEntry(table, row.Key))
                run.Tools.Acknowledgement.TakeOver(table.Name, row.Key, values, outcome.ServerKey);
            if (hasBookkeeping && outcome is null or { Status: RowStatus.Applied })
                applier.MarkSynced(row.Key, outcome?.ServerKey ?? (table.KeyMode == KeyMode.Shared ? row.Key : null), run.Now);
        }
        run.Save(run.Tables[table.Name] with { BootstrapKey = JsonSerializer.Serialize(last, CellJson.Options) });
    }

    private bool HasEntry(TablePlan table, string key)
    {
        var statement = run.Database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ? AND entity_id = ?").Bind(1, table.Name).Bind(2, key);
        var any = statement.Step();
        statement.Reset();
        return any;
    }
}
