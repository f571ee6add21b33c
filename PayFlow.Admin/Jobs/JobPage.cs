namespace PayFlow.Admin.Jobs;

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">Those of the page.</param>
/// <param name="Total">All that the filter names.</param>
public sealed record JobPage(IReadOnlyList<JobRecord> Jobs, long Total);
