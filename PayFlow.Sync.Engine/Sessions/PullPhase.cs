using System.Diagnostics;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Terminal to central. First the fate of batches that an earlier run left on their way is asked for; then the queue is emptied, batch by batch; rows that
/// wait for others go round again as long as that helps.
/// </summary>
internal sealed class PullPhase(RunContext run)
{
    private const int MaxRounds = 8;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(cancellationToken);
        for (var round = 0; round < MaxRounds; round++)
        {
            var (moved, again) = await RoundAsync(cancellationToken);
            if (moved == 0 || again == 0 || run.HasGivenWay)
                break;
        }
    }

    /// <summary>Settles what an earlier run left as SYNCING: applied batches are closed by their stored result, the others are PENDING again.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var (batch, rows) in ReadInFlight())
        {
            var result = await run.Central.FindResultAsync(batch, cancellationToken);
            run.Step("recover-asked");
            if (result is not null)
                Acknowledge(new ClaimedBatch(new ChangeBatch { Id = batch, RunId = run.RunId, Sections = [] }, rows), result);
            else
                run.Database.Write(() => run.Database.Prepare("UPDATE sync_queue SET status = CASE status WHEN 'SYNCING' THEN 'PENDING' ELSE status END, batch_id = NULL, payload = NULL WHERE batch_id = ?").Bind(1, batch.ToString()).Run());
        }
    }

    /// <summary>Sends a batch and closes its entries by the answer.</summary>
    public async Task<UploadResult> SendAsync(ClaimedBatch batch, CancellationToken cancellationToken)
    {
        await run.EnsureAdvancedAsync(cancellationToken);
        run.Step("batch-claimed");
        var result = await run.Central.UploadAsync(batch.Batch, cancellationToken);
        run.Step("batch-applied");
        Acknowledge(batch, result);
        run.Step("batch-acknowledged");
        return result;
    }

    private async Task<(long Moved, long Again)> RoundAsync(CancellationToken cancellationToken)
    {
        var (moved, again) = (0L, 0L);
        foreach (var deletes in new[] { false, true })
        {
            var builder = new BatchBuilder(run, deletes);
            while (builder.Next() is { } batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var started = Stopwatch.GetTimestamp();
                var result = await SendAsync(batch, cancellationToken);
                Count(result, Stopwatch.GetElapsedTime(started));
                moved += result.Sections.Sum(s => s.Rows - s.Failed - s.Waiting - s.Skipped);
                again += result.Sections.Sum(s => s.Waiting + s.Outcomes.Count(o => o is { Status: RowStatus.Failed, RetrySoon: true }));
                // Beginning anew sends by priority again.
                if (builder.Priority is { } next && run.GivesWayUp(next))
                    return (moved, again);
            }
            again += builder.Left;
        }
        return (moved, again);
    }

    private void Acknowledge(ClaimedBatch batch, UploadResult result)
    {
        var outcomes = result.Sections.SelectMany(s => s.Outcomes.Select(o => ((s.Table, o.Key), o))).ToDictionary(p => p.Item1, p => p.o);
        run.Database.WriteUncaptured(() =>
        {
            foreach (var row in batch.Rows)
                run.Tools.Acknowledgement.Apply(batch.Batch.Id, row.Table, row.Key, outcomes.GetValueOrDefault((row.Table, row.Key)));
        });
    }

    private void Count(UploadResult result, TimeSpan duration)
    {
        foreach (var section in result.Sections)
        {
            var progress = run.Of(section.Table, SyncDirection.Pull);
            progress.Add(section, duration / result.Sections.Count);
            progress.CheckpointTo = run.Now;
            run.Show(new SyncProgress("pull", section.Table, progress.Read, null));
        }
    }

    private List<(Guid Batch, List<ClaimedRow> Rows)> ReadInFlight()
    {
        var batches = new Dictionary<Guid, List<ClaimedRow>>();
        var row = run.Database.Prepare("SELECT batch_id, entity_type, entity_id FROM sync_queue WHERE batch_id IS NOT NULL");
        while (row.Step())
        {
            var batch = Guid.Parse(row.Text(0)!);
            if (!batches.TryGetValue(batch, out var rows))
                batches.Add(batch, rows = []);
            // A table that has left the map keeps its entries until it is back.
            if (run.Plan.Find(row.Text(1)!) is { } table)
                rows.Add(new ClaimedRow(table.Name, row.Text(2)!));
        }
        return [.. batches.Select(b => (b.Key, b.Value))];
    }
}
