using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>A central table that has changed.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Origin">The terminal whose upload changed it; null when central itself did.</param>
public sealed record TableChange(string Schema, string Table, string? Origin)
{
    /// <summary>Whether it is news to a terminal: another one's, and in a table that travels down to it.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="plan">What it syncs; null where that is not known, and every table counts.</param>
    public bool IsNewsTo(string terminal, SyncPlan? plan) =>
        Origin != terminal && (plan is null || plan.Tables.Any(t => t.Pushes && t.Central.Name == Table && (t.Central.Schema ?? "public") == Schema));
}
