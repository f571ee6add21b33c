namespace PayFlow.Admin.Jobs;

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">Those of the page.</param>
/// <param name="Total">How many the filter names; see <paramref name="IsMore"/>.</param>
/// <param name="IsMore">There are more than <paramref name="Total"/>: counting stops somewhere, so that a long history opens as fast as a short one.</param>
public sealed record JobPage(IReadOnlyList<JobRecord> Jobs, long Total, bool IsMore = false);
