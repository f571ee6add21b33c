namespace PayFlow.Admin.Jobs;

/// <summary>Who paused a schedule, when and why.</summary>
internal sealed record SchedulePause(DateTimeOffset At, string By, string Reason);
