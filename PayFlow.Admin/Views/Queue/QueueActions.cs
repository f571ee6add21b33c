using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>Edits, requeues and discards rows that wait in a terminal's file. Each action holds the terminal's lock, is a run of its own and is written to the audit.</summary>
internal sealed class QueueActions(NpgsqlDataSource central, QueueReader reader, TimeProvider time)
{
    /// <summary>So many are discarded under one hold of the terminal's lock: each is looked at in both databases.</summary>
    public const int Batch = 1_000;

    /// <summary>Makes rows due at the next sync, with all their attempts before them.</summary>
    /// <exception cref="SyncException">The file cannot be opened here, or a run is under way.</exception>
    public async Task<QueueActionResult> RequeueAsync(string terminal, QueueFilter filter, string actor, string? reason, CancellationToken cancellationToken)
    {
        var path = await reader.FindFileAsync(terminal, cancellationToken);
        await using var session = await OpenAsync(path, "requeue", cancellationToken);
        var before = QueueReading.List(path, filter);
        await session.AuditAsync(actor, "queue.requeue", Only(filter), new { reason, filter, rows = before.Count }, cancellationToken);
        var done = Requeueing.Requeue(path, filter);
        var requeued = done.Select(d => (d.Table, d.Key, d.Status)).ToHashSet();
        return new QueueActionResult(
            [.. done.Select(d => $"{d.Table}/{d.Key} is due at the next sync")],
            [.. before.Where(b => !requeued.Contains((b.Table, b.Key, b.Status))).Select(Stays)]);
    }

    /// <summary>Says what discarding would do, and tries it; nothing is changed.</summary>
    /// <exception cref="SyncException">The file cannot be opened here, or a run is under way.</exception>
    public async Task<DiscardPreview> PreviewDiscardAsync(string terminal, QueueFilter filter, CancellationToken cancellationToken)
    {
        var path = await reader.FindFileAsync(terminal, cancellationToken);
        await using var session = await OpenAsync(path, "discard", cancellationToken);
        var discard = new QueueDiscard(session);
        var rows = await Task.Run(() => QueueReading.List(path, filter), cancellationToken);
        var shown = rows.Count <= Batch ? filter : Only(rows.Take(Batch));
        return new DiscardPreview(discard.Try(await discard.PreviewAsync(shown, cancellationToken)), [.. rows.Skip(Batch)]);
    }

    /// <summary>Gives changes up, each as its preview said; what would do something else by now is refused. Many go in batches, between which a sync may come.</summary>
    /// <param name="terminal">The terminal's id.</param>
    /// <param name="seen">What the preview said.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="progress">Told how many rows are done with; may be null.</param>
    /// <param name="stop">Ends it after the row at work; what was done until then stays, and is in the result.</param>
    /// <exception cref="SyncException">The file cannot be opened here, or a run is under way.</exception>
    public async Task<QueueActionResult> DiscardAsync(string terminal, DiscardPreview seen, string actor, string reason, IProgress<long>? progress, CancellationToken stop)
    {
        var path = await reader.FindFileAsync(terminal, CancellationToken.None);
        var pass = new DiscardPass(path, central, time, actor, reason);
        var wanted = seen.Steps.Where(s => s.Effect != DiscardEffect.Refused || seen.Rest.Count > 0).Select(s => (s.Entry, s.Effect == DiscardEffect.Refused ? (DiscardEffect?)null : s.Effect))
            .Concat(seen.Rest.Select(r => (r, (DiscardEffect?)null))).ToList();
        // A row that others refer to goes once they have gone, and those may come later.
        for (var before = -1; wanted.Count > 0 && pass.Done.Count > before && !stop.IsCancellationRequested; wanted = pass.TakeRetries())
        {
            before = pass.Done.Count;
            foreach (var batch in wanted.Chunk(Batch))
            {
                try
                {
                    await pass.RunAsync(batch, stop);
                }
                catch (SyncException e) when (pass.Done.Count > 0)
                {
                    // What was done before is not unsaid by a run that has taken the terminal since.
                    pass.Refuse(batch, e);
                }
                progress?.Report(pass.Done.Count);
            }
        }
        return pass.Result(wanted);
    }

    /// <summary>Changes a row at the terminal as the POS program would; it is due at once.</summary>
    /// <returns>Why columns do not take what was typed, by column; nothing was changed then. Empty when it was.</returns>
    /// <exception cref="SyncException">The row does not wait, is on its way, or the till's own rules refuse the value.</exception>
    public async Task<IReadOnlyDictionary<string, string>> EditAsync(string terminal, string table, string key, IReadOnlyDictionary<string, string?> values, string actor, string? reason, CancellationToken cancellationToken)
    {
        var path = await reader.FindFileAsync(terminal, cancellationToken);
        await using var session = await OpenAsync(path, "edit", cancellationToken);
        var edit = new QueueEdit(session);
        var faults = edit.FindFaults(table, values);
        if (faults.Count == 0)
            await edit.ExecuteAsync(table, key, values, actor, reason, cancellationToken);
        return faults;
    }

    private Task<QueueSession> OpenAsync(string path, string what, CancellationToken cancellationToken) => QueueSession.OpenAsync(path, new PostgresCentral(central), what, time, cancellationToken);

    private static RefusedRow Stays(QueuedRow row) => row.Status switch
    {
        "SYNCING" => new($"{row.Table}/{row.Key}", "it is on its way to central", "Sync the terminal first."),
        "CONFLICT" => new($"{row.Table}/{row.Key}", "it is in conflict, which is decided in central", "Decide the conflict."),
        _ => new($"{row.Table}/{row.Key}", "it has changed meanwhile", null),
    };

    private static QueueFilter Only(IEnumerable<QueuedRow> rows) => new() { Rows = [.. rows.Select(DiscardPass.Id)] };

    private static (string Table, string Key)? Only(QueueFilter filter) => filter switch
    {
        { Table: { } table, Key: { } key } => (table, key),
        { Rows: [var only] } => (only.Table, only.Key),
        _ => null,
    };
}
