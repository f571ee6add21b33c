namespace PayFlow.Sync.Engine.Http;

/// <summary>What went wrong last.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Message">What and why.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="At">When, UTC.</param>
public sealed record AgentTrouble(SyncErrorCode Code, string Message, string? Hint, DateTimeOffset At);
