namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>Who paused a schedule, when and why.</summary>
public sealed record SchedulePause(DateTimeOffset At, string By, string Reason);
