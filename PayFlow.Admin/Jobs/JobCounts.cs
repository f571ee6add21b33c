namespace PayFlow.Admin.Jobs;

/// <summary>How many jobs are in each state.</summary>
public sealed record JobCounts(long Scheduled, long Waiting, long Running, long Retrying, long Succeeded, long Failed, long Cancelled);
