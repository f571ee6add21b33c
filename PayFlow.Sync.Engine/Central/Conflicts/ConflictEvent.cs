namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>One thing that happened to a row in dispute.</summary>
/// <param name="At">When.</param>
/// <param name="What">In a word or two: <c>detected</c>, <c>resolved</c>, or an action of the audit.</param>
/// <param name="By">Who did it; null for a run.</param>
/// <param name="Detail">More of it, in words; may be empty.</param>
public sealed record ConflictEvent(DateTimeOffset At, string What, string? By, string Detail);
