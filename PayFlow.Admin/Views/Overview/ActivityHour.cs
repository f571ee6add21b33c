namespace PayFlow.Admin.Views.Overview;

/// <summary>What happened in one span of time.</summary>
/// <param name="From">When it began.</param>
/// <param name="Rows">Rows that moved.</param>
/// <param name="Runs">Runs that began.</param>
/// <param name="Failures">Runs that failed.</param>
/// <param name="Conflicts">Conflicts that were found.</param>
public sealed record ActivityHour(DateTimeOffset From, long Rows, long Runs, long Failures, long Conflicts);
