using System.Globalization;
using PayFlow.Admin.Jobs.Cron;
using Quartz;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>Quartz's triggers of schedules. A trigger's name says which version of which row it stands for, so that it can be seen in one statement whether both agree.</summary>
internal static class ScheduleTriggers
{
    public const string Group = "schedules";

    private const string IdKey = "schedule";
    private const string VersionKey = "version";

    public static readonly JobKey Firing = new("fire", "payflow");

    private static readonly ScheduleJobOptions Replacing = new() { Replace = true };

    /// <summary>In the caller's transaction, if the scheduler has joined one. Nothing where the time never comes any more.</summary>
    public static async Task ArmAsync(IScheduler scheduler, ScheduleRecord schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var cron = CronSchedule.Parse(schedule.Draft.Cron, schedule.Draft.Zone, schedule.Name);
        if (cron.Next(now) is null)
            return;
        var trigger = TriggerBuilder.Create()
            .WithIdentity(Name(schedule.Id, schedule.Version), Group)
            .ForJob(Firing)
            .UsingJobData(IdKey, schedule.Id.ToString())
            .UsingJobData(VersionKey, schedule.Version.ToString(CultureInfo.InvariantCulture))
            .StartAt(now)
            // What was missed while no host ran is made up for once, not once for every time.
            .WithCronSchedule(cron.Expression, b => b.WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        await scheduler.ScheduleJob(trigger, Replacing, cancellationToken);
    }

    public static async Task DisarmAsync(IScheduler scheduler, Guid schedule, int version, CancellationToken cancellationToken) =>
        await scheduler.UnscheduleJob(new TriggerKey(Name(schedule, version), Group), cancellationToken);

    /// <summary>Which schedule a firing is for, and in which version.</summary>
    public static (Guid Id, int Version) Read(IJobExecutionContext firing) =>
        (Guid.Parse(firing.MergedJobDataMap.GetString(IdKey)!), int.Parse(firing.MergedJobDataMap.GetString(VersionKey)!, CultureInfo.InvariantCulture));

    private static string Name(Guid id, int version) => string.Create(CultureInfo.InvariantCulture, $"{id}-{version}");
}
