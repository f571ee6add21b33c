using System.Globalization;
using Npgsql;
using PayFlow.Admin.Jobs.Schedules;
using Quartz;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>Has Quartz call <see cref="JobExecution"/> for rows of <c>console.jobs</c> when they are due. The row is the truth: a trigger that is lost is made again by <see cref="JobSweep"/>, one too many finds nothing to do.</summary>
internal sealed class JobTriggers(ISchedulerFactory schedulers)
{
    /// <summary>The triggers of rows; each is named by <see cref="Name"/>.</summary>
    public const string Group = "jobs";

    private const string IdKey = "job";
    private const string TurnKey = "turn";

    private static readonly JobKey Runner = new("run", "payflow");

    /// <summary>The trigger's name of a row: the <c>turn</c> makes it another one every time, because the old one lives until its firing has ended.</summary>
    public static string Name(long id, int turn) => string.Create(CultureInfo.InvariantCulture, $"{id}-{turn}");

    /// <summary>Which row a firing is for.</summary>
    public static (long Id, int Turn) Read(IJobExecutionContext firing) =>
        (long.Parse(firing.MergedJobDataMap.GetString(IdKey)!, CultureInfo.InvariantCulture), int.Parse(firing.MergedJobDataMap.GetString(TurnKey)!, CultureInfo.InvariantCulture));

    /// <summary>Tells Quartz what to call; idempotent.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        // Recovery: what a killed host was at is fired again by another one as soon as the cluster misses it.
        foreach (var job in new[] { Job<JobExecution>(Runner), Job<ScheduleFiring>(ScheduleTriggers.Firing) })
            await scheduler.AddJob(job, new AddJobOptions { Replace = true }, cancellationToken);
    }

    private static IJobDetail Job<T>(JobKey key)
        where T : IJob => JobBuilder.Create<T>().WithIdentity(key).StoreDurably().RequestRecovery().Build();

    /// <summary>To join a transaction of the caller's: <c>using var arming = new JobArming(await triggers.SchedulerAsync(token), transaction)</c>.</summary>
    public async Task<IScheduler> SchedulerAsync(CancellationToken cancellationToken) => await schedulers.GetScheduler(cancellationToken);

    internal static ITrigger Of(ArmedJob job) => TriggerBuilder.Create()
        .WithIdentity(Name(job.Id, job.Turn), Group)
        .ForJob(Runner)
        .UsingJobData(IdKey, job.Id.ToString(CultureInfo.InvariantCulture))
        .UsingJobData(TurnKey, job.Turn.ToString(CultureInfo.InvariantCulture))
        .StartAt(job.DueAt)
        .WithSimpleSchedule(s => s.WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
        .Build();
}
