using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Central's decisions on their way to the terminal: at the start of a run it asks what became of its conflicts, as long as it has any. Because the terminal asks, a restored file
/// and a lost acknowledgement heal by themselves: what was taken over is not asked for again, and what was not is.
/// </summary>
internal sealed class DecisionDelivery(RunContext run)
{
    private const int RowsPerCall = 500;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var rows in run.Store.ReadConflicts().Where(IsSynced).Chunk(RowsPerCall))
        {
            var decisions = await run.Central.DecisionsAsync(rows, cancellationToken);
            run.Step("decisions-asked");
            if (decisions.All(d => d.State == DecisionState.Open))
                continue;
            await run.EnsureAdvancedAsync(cancellationToken);
            run.Database.WriteUncaptured(() => Apply(decisions));
            run.Step("decisions-applied");
            if (decisions.Where(d => d is { State: DecisionState.Decided, WasDelivered: false }).Select(d => d.Conflict).ToList() is { Count: > 0 } taken)
                await run.Central.DeliveredAsync(taken, cancellationToken);
            run.Step("decisions-delivered");
        }
    }

    private bool IsSynced(ConflictingRow row) => run.Plan.Find(row.Table) is { } table && run.IsSelected(table);

    private void Apply(IReadOnlyList<Decision> decisions)
    {
        // A restored side may know of another conflict of the same row than the one that was decided: there nothing wins unasked.
        var takeover = new DecisionTakeover(run.Database, run.Tools.Queues, run.Tools.Appliers, run.Tools.Acknowledgement, isSure: !run.IsRestored && !run.IsCentralRestored);
        foreach (var decision in decisions)
        {
            if (takeover.Apply(decision, run.Now) is { } outcome)
                run.Of(run.Plan.Find(decision.Row.Table)!.Name, SyncDirection.Push).Add(outcome);
        }
    }
}
