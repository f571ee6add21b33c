using Npgsql;
using Quartz;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>
/// Changes triggers in the caller's transaction, together with their rows. To be disposed behind the commit: only then the scheduler is told that there is something to do.
/// In a transaction rows are changed first and triggers behind them, everywhere, because Quartz holds one lock for all of its own.
/// </summary>
internal sealed class JobArming(IScheduler scheduler, NpgsqlTransaction transaction) : IDisposable
{
    private static readonly ScheduleJobOptions Replacing = new() { Replace = true };

    private readonly IDisposable _joined = scheduler.EnlistTransaction(transaction);

    public async Task ArmAsync(IEnumerable<ArmedJob> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
            await scheduler.ScheduleJob(JobTriggers.Of(job), Replacing, cancellationToken);
    }

    /// <summary>Takes triggers away; those that are gone already do not matter.</summary>
    public async Task DisarmAsync(IEnumerable<ArmedJob> jobs, CancellationToken cancellationToken)
    {
        var keys = jobs.Select(j => new TriggerKey(JobTriggers.Name(j.Id, j.Turn), JobTriggers.Group)).ToList();
        if (keys.Count > 0)
            await scheduler.UnscheduleJobs(keys, cancellationToken);
    }

    public void Dispose() => _joined.Dispose();
}
