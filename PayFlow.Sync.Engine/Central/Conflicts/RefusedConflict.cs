namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>A conflict that could not be decided as asked, and waits on.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Row">The row, as <c>customers/17</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Hint">What to do about it; may be null.</param>
public sealed record RefusedConflict(long Id, string Row, string Reason, string? Hint);
