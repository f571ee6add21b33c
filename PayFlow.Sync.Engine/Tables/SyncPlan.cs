namespace PayFlow.Sync.Engine.Tables;

/// <summary>All tables ready to be synced, in foreign-key order (parents first), and what the planner has to say about them.</summary>
public sealed record SyncPlan(IReadOnlyList<TablePlan> Tables, IReadOnlyList<string> Warnings)
{
    public TablePlan? Find(string terminalTable) => Tables.FirstOrDefault(t => string.Equals(t.Name, terminalTable, StringComparison.OrdinalIgnoreCase));
}
