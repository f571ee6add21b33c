namespace PayFlow.Admin.Jobs;

/// <summary>How many jobs are in each state; <see cref="Most"/> stands for that many or more.</summary>
public sealed record JobCounts(long Scheduled, long Waiting, long Running, long Retrying, long Succeeded, long Failed, long Cancelled)
{
    /// <summary>Nobody counts further.</summary>
    public const int Most = 10_001;
}
