using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What the audit keeps of a change of a schedule.</summary>
internal static class ScheduleAudit
{
    public static AuditRow Of(string action, string actor, string? reason, ScheduleRecord? before, ScheduleRecord? after) => new()
    {
        Actor = actor,
        Action = action,
        Key = (after ?? before)!.Id.ToString(),
        Detail = AuditLog.Detail(new { reason, name = (after ?? before)!.Name, before = Picture(before), after = Picture(after) }),
    };

    private static object? Picture(ScheduleRecord? schedule) => schedule is null ? null : new
    {
        schedule.Name,
        schedule.Draft.Cron,
        schedule.Draft.Zone,
        direction = JobWords.Of(schedule.Draft.Direction),
        schedule.Draft.Terminals,
        schedule.Draft.Tables,
        overlap = JobWords.Of(schedule.Draft.Overlap),
        schedule.Draft.Retry.Attempts,
        firstDelaySeconds = schedule.Draft.Retry.FirstDelay.TotalSeconds,
        longestDelaySeconds = schedule.Draft.Retry.LongestDelay.TotalSeconds,
        paused = schedule.Pause?.Reason,
        schedule.Version,
    };
}
