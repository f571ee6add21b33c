namespace PayFlow.Admin.Jobs;

/// <summary>A row that wants a trigger.</summary>
internal sealed record ArmedJob(long Id, int Turn, DateTimeOffset DueAt);
