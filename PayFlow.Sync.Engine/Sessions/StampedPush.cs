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
            page.RequireIntact();
            var checkpoint = page.Checkpoint ?? Saved(table) with { Key = null };
            if (checkpoint != Saved(table) || page.Rows.Count > 0)
                await WriteAsync(table, page, checkpoint, cancellationToken);
            if (page.IsLast)
                return;
            after = page.Next;
        }
    }

    private StampPosition Saved(TablePlan table) => new(run.Tables[table.Name].PushStamp, run.Tables[table.Name].PushKey);

    private async Task WriteAsync(TablePlan table, StampedPage page, StampPosition checkpoint, CancellationToken cancellationToken)
    {
        var progress = run.Of(table.Name, SyncDirection.Push);
        if (page.Rows.Count > 0)
            await run.EnsureAdvancedAsync(cancellationToken);
        run.Database.WriteUncaptured(() =>
        {
            foreach (var tally in run.Tools.PageWriter.Write([.. page.Rows.Select(r => new IncomingRow(table, r.Key, r.Values))], run.Now).Values)
                progress.Add(tally);
            run.Save(run.Tables[table.Name] with { PushStamp = checkpoint.Stamp, PushKey = checkpoint.Key });
        });
        progress.Read += page.Rows.Count;
        progress.CheckpointTo = checkpoint.Stamp;
        run.Show(new SyncProgress("push", table.Name, progress.Read, null));
    }
}
