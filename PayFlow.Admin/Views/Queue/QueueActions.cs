using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>Edits, requeues and discards rows that wait in a terminal's file. Each action holds the terminal's lock, is a run of its own and is written to the audit.</summary>
internal sealed class QueueActions(NpgsqlDataSource central, QueueReader reader, TimeProvider time)
{
    /// <summary>So many can be discarded at once: each is looked at in both databases.</summary>
    public const int MostDiscarded = 1_000;

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
    /// <exception cref="SyncException">There are too many, the file cannot be opened here, or a run is under way.</exception>
    public async Task<IReadOnlyList<DiscardStep>> PreviewDiscardAsync(string terminal, QueueFilter filter, CancellationToken cancellationToken)
    {
        var path = await reader.FindFileAsync(terminal, cancellationToken);
        await using var session = await OpenAsync(path, "discard", cancellationToken);
        return await PreviewAsync(path, new QueueDiscard(session), filter, cancellationToken);
    }

    /// <summary>Gives changes up, each as its preview said; what would do something else by now is refused.</summary>
    /// <param name="terminal">The terminal's id.</param>
    /// <param name="filter">Which rows.</param>
    /// <param name="seen">What the preview said.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends it between two rows.</param>
    /// <exception cref="SyncException">The file cannot be opened here, or a run is under way.</exception>
    public async Task<QueueActionResult> DiscardAsync(string terminal, QueueFilter filter, IReadOnlyList<DiscardStep> seen, string actor, string reason, CancellationToken cancellationToken)
    {
        var path = await reader.FindFileAsync(terminal, cancellationToken);
        await using var session = await OpenAsync(path, "discard", cancellationToken);
        var discard = new QueueDiscard(session);
        var (done, refused) = (new List<string>(), new List<RefusedRow>());
        var wanted = seen.Where(s => s.Effect != DiscardEffect.Refused).ToDictionary(s => Id(s.Entry));
        foreach (var step in await discard.PreviewAsync(filter, cancellationToken))
        {
            // What waits since then was not looked at.
            if (!wanted.Remove(Id(step.Entry), out var shown))
                continue;
            try
            {
                if (shown.Effect != step.Effect || shown.Entry != step.Entry)
                    throw new SyncException(SyncErrorCode.Moved, $"{step.Entry.Table}/{step.Entry.Key} was not discarded: the row has changed since you looked", "Look at the preview again.");
                await discard.ExecuteAsync(step, actor, reason, cancellationToken);
                done.Add(Did(step));
            }
            catch (SyncException e) when (!e.IsTransient)
            {
                refused.Add(new RefusedRow($"{step.Entry.Table}/{step.Entry.Key}", e.Message, e.Hint));
            }
        }
        refused.AddRange(wanted.Values.Select(s => new RefusedRow($"{s.Entry.Table}/{s.Entry.Key}", "it does not wait any more", null)));
        return new QueueActionResult(done, refused);
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

    private static async Task<IReadOnlyList<DiscardStep>> PreviewAsync(string path, QueueDiscard discard, QueueFilter filter, CancellationToken cancellationToken)
    {
        if (QueueReading.ReadPart(path, filter, 0, 1).Total is > MostDiscarded and var found)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{found:N0} rows are too many to be discarded at once", $"Narrow the filter to {MostDiscarded:N0} rows or less.");
        return discard.Try(await discard.PreviewAsync(filter, cancellationToken));
    }

    private static RefusedRow Stays(QueuedRow row) => row.Status switch
    {
        "SYNCING" => new($"{row.Table}/{row.Key}", "it is on its way to central", "Sync the terminal first."),
        "CONFLICT" => new($"{row.Table}/{row.Key}", "it is in conflict, which is decided in central", "Decide the conflict."),
        _ => new($"{row.Table}/{row.Key}", "it has changed meanwhile", null),
    };

    private static QueueRowId Id(QueuedRow row) => new(row.Table, row.Key, row.Status == QueueFilter.SetAside);

    private static string Did(DiscardStep step) => step.Effect switch
    {
        DiscardEffect.Restored => $"{step.Entry.Table}/{step.Entry.Key} has central's values again",
        DiscardEffect.Removed => $"{step.Entry.Table}/{step.Entry.Key} is gone from the terminal; its values are in the audit",
        _ => $"{step.Entry.Table}/{step.Entry.Key} is out of the queue",
    };

    private static (string Table, string Key)? Only(QueueFilter filter) => filter switch
    {
        { Table: { } table, Key: { } key } => (table, key),
        { Rows: [var only] } => (only.Table, only.Key),
        _ => null,
    };
}
