namespace PayFlow.Sync.Engine.Tables;

/// <summary>What is synced: one entry per table.</summary>
public sealed record TableMap(IReadOnlyList<TableMapEntry> Tables);
