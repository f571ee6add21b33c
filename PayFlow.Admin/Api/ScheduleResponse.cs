using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;

namespace PayFlow.Admin.Api;

/// <summary>When the host syncs by itself.</summary>
internal sealed record ScheduleResponse(string Name, string Mode, string Cron, string Zone, string Direction, string? PausedReason, DateTimeOffset? NextAt, DateTimeOffset? LastAt)
{
    public static ScheduleResponse Of(ScheduleRecord schedule) => new(
        schedule.Name, schedule.IsPaused ? "manual" : "cron", schedule.Draft.Cron, schedule.Draft.Zone, JobWords.Of(schedule.Draft.Direction), schedule.Pause?.Reason, schedule.NextAt, schedule.FiredAt);
}
