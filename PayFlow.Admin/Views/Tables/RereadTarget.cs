using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>A checkpoint that somebody has chosen.</summary>
public sealed record RereadTarget(string Terminal, string Table, SyncDirection Direction);
