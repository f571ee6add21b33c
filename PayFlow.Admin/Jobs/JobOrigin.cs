namespace PayFlow.Admin.Jobs;

/// <summary>Who asked for a job; its runs carry the same word in <c>sync_log</c>.</summary>
public enum JobOrigin
{
    Manual,
    Schedule,
    Api,
    Connectivity,
}
