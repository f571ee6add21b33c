using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Jobs.Work;
using Quartz;

namespace PayFlow.Admin.Jobs;

/// <summary>The host's part that does the work: schedules, jobs, and Quartz under them, which shares the work among all hosts of a central.</summary>
internal static class JobServices
{
    /// <summary>Runs of different terminals go on side by side; more would only wait for central's processors.</summary>
    private const int JobsAtOnce = 8;

    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInOverdue = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Misfire = TimeSpan.FromSeconds(5);

    /// <param name="services">With central, also as a DbDataSource, <see cref="SyncSettings"/> and the clock.</param>
    public static IServiceCollection AddPayFlowJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobTriggers>();
        services.AddSingleton<JobDesk>();
        services.AddSingleton<JobBoard>();
        services.AddSingleton<ScheduleDesk>();
        services.AddSingleton<DefaultSchedule>();
        services.AddSingleton<StoredSettings>();
        services.AddSingleton<TerminalSyncPool>();
        services.AddSingleton<IJobWork, SyncWork>();
        services.AddSingleton<IJobWork, VerifyWork>();
        services.AddSingleton<IJobWork, RepairWork>();
        services.AddSingleton<IJobWork, RollbackWork>();
        services.AddSingleton<IJobWork, ResolveWork>();
        services.AddTransient<JobExecution>();
        services.AddTransient<ScheduleFiring>();
        services.AddQuartz(Configure);
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        services.AddSingleton<JobSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<JobSweep>());
        // Every host says every second that it lives: that is no news.
        services.AddLogging(l => l.AddFilter("Quartz", LogLevel.Warning));
        return services;
    }

    private static void Configure(IQuartzBuilder quartz)
    {
        quartz.ConfigureScheduler(o =>
        {
            o.IdleWaitTime = IdleWait;
            // A job under way ends at its next batch border, and another host goes on.
            o.ShutdownJobInterruption = ShutdownJobInterruption.Always;
        });
        quartz.UseInstanceIdGenerator<HostName>();
        quartz.UseDefaultThreadPool(JobsAtOnce);
        quartz.UsePersistentStore(store =>
        {
            store.ConfigureStore(o =>
            {
                o.TablePrefix = "quartz.qrtz_";
                o.AcceptEnlistedTransactions = true;
                o.MisfireThreshold = Misfire;
            });
            store.UsePostgres(d => d.UseRegisteredDataSource = true);
            store.UseSystemTextJsonSerializer();
            store.UseClustering(c =>
            {
                c.CheckinInterval = CheckIn;
                c.CheckinMisfireThreshold = CheckInOverdue;
            });
            store.ProvisionSchema();
        });
    }
}
