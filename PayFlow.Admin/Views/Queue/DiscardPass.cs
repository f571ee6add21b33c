using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>Goes over changes that are to be given up, and keeps what became of each.</summary>
internal sealed class DiscardPass(string path, NpgsqlDataSource central, TimeProvider time, string actor, string reason)
{
    private readonly List<string> _done = [];
    private readonly List<RefusedRow> _refused = [];
    private readonly List<(QueuedRow Entry, RefusedRow Why)> _retries = [];
    private readonly HashSet<QueueRowId> _gone = [];
    private IReadOnlyList<RefusedRow> _last = [];

    /// <summary>In words, one for each row.</summary>
    public IReadOnlyList<string> Done => _done;

    /// <summary>What identifies a row of the queue.</summary>
    public static QueueRowId Id(QueuedRow row) => new(row.Table, row.Key, row.Status == QueueFilter.SetAside);

    /// <summary>Gives a batch up under one hold of the terminal's lock.</summary>
    /// <param name="batch">The rows as they were seen, with what was said to become of them where it was.</param>
    /// <param name="stop">Ends it after the row at work.</param>
    public async Task RunAsync(IReadOnlyCollection<(QueuedRow Entry, DiscardEffect? Effect)> batch, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            _retries.AddRange(batch.Select(b => (b.Entry, Refusal(b.Entry, "it was stopped before its turn came", null))));
            return;
        }
        await using var session = await QueueSession.OpenAsync(path, new PostgresCentral(central), "discard", time, CancellationToken.None);
        var discard = new QueueDiscard(session);
        var wanted = batch.ToDictionary(b => Id(b.Entry));
        foreach (var step in await discard.PreviewAsync(new QueueFilter { Rows = [.. wanted.Keys] }, CancellationToken.None))
        {
            if (!wanted.Remove(Id(step.Entry), out var seen))
                continue;
            if (stop.IsCancellationRequested)
                _retries.Add((step.Entry, Refusal(step.Entry, "it was stopped before its turn came", null)));
            else
                await GiveUpAsync(discard, step, seen.Entry, seen.Effect);
        }
        _refused.AddRange(wanted.Values.Select(w => Refusal(w.Entry, "it does not wait any more", null)));
    }

    /// <summary>Says of a whole batch why nothing was done with it.</summary>
    public void Refuse(IEnumerable<(QueuedRow Entry, DiscardEffect? Effect)> batch, SyncException why) =>
        _refused.AddRange(batch.Where(b => !_gone.Contains(Id(b.Entry))).Select(b => Refusal(b.Entry, why.Message, why.Hint)));

    /// <summary>Those that could not be given up this time and may be next time.</summary>
    public List<(QueuedRow Entry, DiscardEffect? Effect)> TakeRetries()
    {
        _last = [.. _retries.Select(r => r.Why)];
        var again = _retries.Select(r => (r.Entry, (DiscardEffect?)null)).ToList();
        _retries.Clear();
        return again;
    }

    /// <param name="left">What was still wanted when nothing more could be done.</param>
    public QueueActionResult Result(IReadOnlyCollection<(QueuedRow Entry, DiscardEffect? Effect)> left) => new(_done, left.Count == 0 ? _refused : [.. _refused, .. _last]);

    private async Task GiveUpAsync(QueueDiscard discard, DiscardStep step, QueuedRow seen, DiscardEffect? effect)
    {
        if (seen != step.Entry || (effect is { } said && said != step.Effect))
        {
            _refused.Add(Refusal(seen, $"{step.Entry.Table}/{step.Entry.Key} was not discarded: the row has changed since you looked", "Look at the preview again."));
            return;
        }
        try
        {
            await discard.ExecuteAsync(step, actor, reason, CancellationToken.None);
            _done.Add(Did(step));
            _gone.Add(Id(step.Entry));
        }
        catch (SyncException e) when (!e.IsTransient)
        {
            _retries.Add((step.Entry, Refusal(step.Entry, e.Message, e.Hint)));
        }
    }

    private static RefusedRow Refusal(QueuedRow row, string reason, string? hint) => new($"{row.Table}/{row.Key}", reason, hint);

    private static string Did(DiscardStep step) => step.Effect switch
    {
        DiscardEffect.Restored => $"{step.Entry.Table}/{step.Entry.Key} has central's values again",
        DiscardEffect.Removed => $"{step.Entry.Table}/{step.Entry.Key} is gone from the terminal; its values are in the audit",
        _ => $"{step.Entry.Table}/{step.Entry.Key} is out of the queue",
    };
}
