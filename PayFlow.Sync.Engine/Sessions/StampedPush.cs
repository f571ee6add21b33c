using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Central to terminal for a table that central captures by timestamp; deletes are not seen. Rows read twice change nothing.</summary>
internal sealed class StampedPush(RunContext run)
{
    private const int RowsPerPage = 5_000;

    public async Task RunAsync(TablePlan table, CancellationToken cancellationToken)
    {
        var after = Saved(table);
        while (true)
        {
            var page = await run.Central.DownloadStampedAsync(table, after, RowsPerPage, cancellationToken);
            if (page.Checkpoint != Saved(table) || page.Rows.Count > 0)
                await WriteAsync(table, page, cancellationToken);
            if (page.IsLast)
                return;
            after = page.Next;
        }
    }

    private StampPosition Saved(TablePlan table) => new(run.Tables[table.Name].PushStamp, run.Tables[table.Name].PushKey);

    private async Task WriteAsync(TablePlan table, StampedPage page, CancellationToken cancellationToken)
    {
        var progress = run.Of(table.Name, SyncDirection.Push);
        if (page.Rows.Count > 0)
            await run.EnsureAdvancedAsync(cancellationToken);
        run.Database.WriteUncaptured(() =>
        {
            foreach (var tally in run.Tools.PageWriter.Write([.. page.Rows.Select(r => new IncomingRow(table, r.Key, r.Values))], run.Now).Values)
                progress.Add(tally);
            run.Save(run.Tables[table.Name] with { PushStamp = page.Checkpoint.Stamp, PushKey = page.Checkpoint.Key });
        });
        progress.Read += page.Rows.Count;
        progress.CheckpointTo = page.Checkpoint.Stamp;
        run.Show(new SyncProgress("push", table.Name, progress.Read, null));
    }
}
