namespace PayFlow.Admin.Jobs;

/// <summary>How many jobs are in each state.</summary>
internal sealed record JobCounts(long Scheduled, long Waiting, long Running, long Retrying, long Succeeded, long Failed, long Cancelled);
