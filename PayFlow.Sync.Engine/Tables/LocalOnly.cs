namespace PayFlow.Sync.Engine.Tables;

/// <summary>The terminal's bookkeeping columns: they never travel, unless central's table has a column of that name, which makes it data.</summary>
internal static class LocalOnly
{
    public const string LocalId = "local_id";
    public const string ServerId = "server_id";
    public const string SyncStatus = "sync_status";
    public const string LastSyncAt = "last_sync_at";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        LocalId, ServerId, SyncStatus, "sync_operation", LastSyncAt, "terminal_id",
    };

    public static bool Contains(string column) => Names.Contains(column);
}
