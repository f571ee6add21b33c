using System.Diagnostics;
using System.Globalization;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Terminal to central for a table that the terminal captures by timestamp: pages in order of timestamp and key, beginning a little before the last place. What the engine itself
/// wrote is recognised by its timestamp and not sent back. Deletes are not seen.
/// </summary>
internal sealed class StampedPull(RunContext run, PullPhase pull)
{
    public async Task RunAsync(TablePlan table, CancellationToken cancellationToken)
    {
        if (run.Tables[table.Name].WaitsForBootstrap)
            return;
        var (stamp, key) = (run.Tables[table.Name].PullStamp, (CellValue[]?)null);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = Read(table, stamp, key);
            if (page.Rows.Count == 0)
                break;
            (stamp, key) = (page.Stamp, page.Key);
            await SendAsync(table, page.Rows, cancellationToken);
            if (page.IsLast)
                break;
        }
        // A clock that was ahead for a while must not hide what is written after it was set right.
        var now = run.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        if (string.CompareOrdinal(stamp, now) > 0)
            stamp = now;
        if (stamp != run.Tables[table.Name].PullStamp)
            run.Database.Write(() => run.Save(run.Tables[table.Name] with { PullStamp = stamp }));
    }

    private async Task SendAsync(TablePlan table, List<RowChange> rows, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (sent, refused) = new UploadRoom(run.Central).Split(table.Name, rows);
        var batch = new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run.RunId,
            Seen = run.Tables[table.Name].Position,
            Sections = [new TableSection { Table = table.Name, Columns = run.Tools.Queues[table.Name].Columns, Rows = sent, BaseUnknown = true, SeenStamp = run.Tables[table.Name].PushStamp }],
        }.Sealed();
        var answer = sent.Count == 0 ? new SectionResult { Table = table.Name, Columns = batch.Sections[0].Columns } : (await pull.SendAsync(new ClaimedBatch(batch, []), cancellationToken)).Sections[0];
        var result = UploadRoom.With(answer, refused);
        run.Database.WriteUncaptured(() => Settle(table, rows, result));
        run.Of(table.Name, SyncDirection.Pull).Add(result, Stopwatch.GetElapsedTime(started));
    }

    private (List<RowChange> Rows, string? Stamp, CellValue[]? Key, bool IsLast) Read(TablePlan table, string? stamp, CellValue[]? key)
    {
        var column = "t." + SqliteName.Quote(table.TerminalTimestamp!.Name);
        var keys = table.TerminalKey.Select(k => "t." + SqliteName.Quote(k.Name)).ToList();
        var instant = StampedPullSql.Instant(column);
        var from = key is not null ? $"({string.Join(", ", keys.Prepend(instant))}) > ({string.Join(", ", keys.Select((_, i) => $"?{i + 2}").Prepend("?1"))})"
            : stamp is not null ? $"{instant} > datetime(?1, '{StampedPullSql.Overlap}', 'subsec')" : $"{instant} IS NOT NULL";
        var sql = $"""
            SELECT {KeySql.Text(table, "t")}, {instant}, {(table.KeyMode == KeyMode.Linked ? "t." + SqliteName.Quote(table.ServerIdColumn!) : "NULL")},
              {string.Join(", ", keys.Concat(table.Columns.Select(c => "t." + SqliteName.Quote(c.Terminal.Name))))}
            FROM {SqliteName.Quote(table.Name)} t
            WHERE {from} AND {StampedPullSql.IsNoEcho(table)}
            ORDER BY {instant}, {string.Join(", ", keys)}
            LIMIT {run.Options.BatchSize}
            """;
        var statement = run.Database.Prepare(sql);
        if (stamp is not null)
            statement.Bind(1, stamp);
        for (var i = 0; key is not null && i < key.Length; i++)
            statement.Bind(i + 2, key[i]);
        var rows = new List<RowChange>();
        var (size, room, isLast) = (0L, new UploadRoom(run.Central).Weight, false);
        while (size < room && !(isLast = !statement.Step()))
        {
            var row = new RowChange { Key = statement.Text(0)!, ServerKey = statement.Text(2), Values = run.Tools.Queues[table.Name].ReadRow(statement, 3 + keys.Count) };
            size += RowSize.Of(row.Values);
            // A heavy row begins a page of its own.
            if (rows.Count > 0 && size > room)
                break;
            (stamp, key) = (statement.Text(1) ?? stamp, [.. Enumerable.Range(3, keys.Count).Select(statement.Column)]);
            rows.Add(row);
        }
        statement.Reset();
        return (rows, stamp, key, isLast && rows.Count < run.Options.BatchSize);
    }

    private void Settle(TablePlan table, List<RowChange> rows, SectionResult result)
    {
        var outcomes = result.Outcomes.ToDictionary(o => o.Key, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var outcome = outcomes.GetValueOrDefault(row.Key);
            if (outcome is { Central: { } values })
                run.Tools.Acknowledgement.TakeOver(table.Name, row.Key, values, outcome.ServerKey);
            if (outcome is null or { Status: RowStatus.Applied })
                Close(table, row.Key, outcome?.ServerKey);
            else
                run.Tools.Acknowledgement.Keep(table, row.Key, outcome);
            run.Tools.Appliers[table.Name].KeepEcho(row.Key);
        }
    }

    // What an earlier answer put into the queue (refused, in conflict) is over: this is the row as it is now.
    private void Close(TablePlan table, string key, string? serverKey)
    {
        run.Database.Prepare("DELETE FROM sync_queue WHERE entity_type = ? AND entity_id = ? AND batch_id IS NULL").Bind(1, table.Name).Bind(2, key).Run();
        run.Tools.Appliers[table.Name].MarkSynced(key, serverKey, run.Now);
    }
}
