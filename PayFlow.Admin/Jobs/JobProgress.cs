namespace PayFlow.Admin.Jobs;

/// <summary>How far a job has got.</summary>
/// <param name="Phase">What it is at: <c>pull</c>, <c>push</c>, <c>load</c>, <c>bootstrap</c>, <c>verify</c>, <c>resolve</c>.</param>
/// <param name="Table">The table at hand; null for several.</param>
/// <param name="Rows">Rows of this phase and table so far.</param>
/// <param name="Total">Rows to come in all, where known.</param>
/// <param name="RowsPerSecond">Of this phase and table.</param>
public sealed record JobProgress(string Phase, string? Table, long Rows, long? Total, double RowsPerSecond)
{
    /// <summary>The time that is left at this speed; null where it cannot be said.</summary>
    public TimeSpan? TimeLeft => Total is { } total && total > Rows && RowsPerSecond > 0 ? TimeSpan.FromSeconds((total - Rows) / RowsPerSecond) : null;
}
