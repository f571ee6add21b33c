namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What is wrong with a field of a <see cref="ScheduleDraft"/>.</summary>
/// <param name="Field">The property's name, such as <c>Cron</c>; of the retries <c>Attempts</c>, <c>FirstDelay</c> or <c>LongestDelay</c>.</param>
/// <param name="Message">The reason and the remedy, in one sentence.</param>
public sealed record ScheduleError(string Field, string Message);
