namespace PayFlow.Admin.Jobs.Running;

/// <summary>An attempt that failed, or was cut short.</summary>
public sealed record JobAttempt(int Attempt, DateTimeOffset At, string? Host, string Error, string? Hint);
