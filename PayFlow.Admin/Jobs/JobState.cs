namespace PayFlow.Admin.Jobs;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>To begin at a time that was named.</summary>
    Scheduled,

    /// <summary>Due: it begins as soon as a host, and its terminal, is free.</summary>
    Waiting,

    Running,

    /// <summary>It failed and is tried again at <see cref="JobRecord.DueAt"/>.</summary>
    Retrying,

    Succeeded,

    /// <summary>All its attempts failed; it stays until somebody requeues or deletes it.</summary>
    Failed,

    Cancelled,
}
