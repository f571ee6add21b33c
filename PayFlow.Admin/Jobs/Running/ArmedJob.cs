namespace PayFlow.Admin.Jobs.Running;

/// <summary>A row that wants a trigger.</summary>
internal sealed record ArmedJob(long Id, int Turn, DateTimeOffset DueAt);
