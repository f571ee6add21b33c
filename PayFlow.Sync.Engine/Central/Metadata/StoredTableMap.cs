using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>The table map as it was read, and the version by which a later save finds out that somebody else was faster.</summary>
public sealed record StoredTableMap(TableMap Map, long Version);
