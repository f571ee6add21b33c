namespace PayFlow.Sync.Engine.Http;

/// <summary>Where a host answers remote terminals.</summary>
public static class SyncPaths
{
    public const string Register = "/api/sync/register";
    public const string Key = "/api/sync/key";
    public const string Open = "/api/sync/open";
    public const string Advance = "/api/sync/advance";
    public const string Upload = "/api/sync/upload";
    public const string Result = "/api/sync/result";
    public const string Decisions = "/api/sync/decisions";
    public const string Delivered = "/api/sync/delivered";
    public const string Position = "/api/sync/position";
    public const string Download = "/api/sync/download";
    public const string Events = "/api/sync/events";
    public const string Status = "/api/sync/status";
    public const string Count = "/api/sync/count";
    public const string Rows = "/api/sync/rows";
    public const string Fetch = "/api/sync/fetch";
    public const string Stamped = "/api/sync/stamped";
    public const string Audit = "/api/sync/audit";
    public const string Close = "/api/sync/close";
}
