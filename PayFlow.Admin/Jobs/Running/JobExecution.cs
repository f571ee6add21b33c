using System.Diagnostics;
using Npgsql;
using PayFlow.Admin.Hosting.Telemetry;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using Quartz;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>What Quartz calls for a row of <c>console.jobs</c> that is due: claims it, does the work under a heartbeat, and says how it went.</summary>
internal sealed partial class JobExecution(NpgsqlDataSource central, JobTriggers triggers, IEnumerable<IJobWork> works, TimeProvider time, ILogger<JobExecution> logger) : IJob
{
    /// <summary>How often the end of a job is tried to be written down while central is away; then another host does the job once more, which finds everything done.</summary>
    private const int EndAttempts = 10;

    private static readonly TimeSpan EndDelay = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (id, turn) = JobTriggers.Read(context);
        if (context.Recovering)
        {
            // The cluster has missed the host that ran it: with its heartbeat gone, too, that is certain enough.
            await ArmAsync((connection, token) => JobRelease.ExecuteAsync(connection, JobPatience.Confirmed, id, token), cancellationToken);
            return;
        }
        var claim = await JobClaim.TakeAsync(central, id, turn, context.Scheduler.SchedulerInstanceId, cancellationToken);
        if (claim is null)
        {
            await ArmAsync((connection, token) => JobClaim.DeferAsync(connection, id, turn, token), cancellationToken);
            return;
        }
        using var scope = LogScopes.OfJob(logger, id, claim.Job.Terminal);
        var meter = new JobMeter(time);
        using var activity = ConsoleMeter.Source.StartActivity($"job {JobWords.Of(claim.Job.Kind)}");
        activity?.SetTag("payflow.job", claim.Job.Id).SetTag("payflow.terminal", claim.Job.Terminal);
        ConsoleMeter.JobBegun(JobWords.Of(claim.Job.Kind), time.GetUtcNow() - claim.Job.DueAt);
        var start = time.GetTimestamp();
        var ending = await RunAsync(claim, meter, cancellationToken);
        ConsoleMeter.JobEnded(JobWords.Of(claim.Job.Kind), ending is null ? "lost" : JobWords.Of(ending.State).ToLowerInvariant(), time.GetElapsedTime(start));
        activity?.SetTag("payflow.runs", string.Join(' ', meter.Runs)).SetStatus(ending?.State == JobState.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        // A host that stops has no scheduler any more: whoever stays finds the row without a trigger.
        await EndAsync(claim, ending, meter, isArmed: !cancellationToken.IsCancellationRequested);
    }

    /// <returns>How it went; null when the row is no longer ours.</returns>
    private async Task<JobEnding?> RunAsync(JobClaim claim, JobMeter meter, CancellationToken stopping)
    {
        var job = claim.Job;
        LogBegun(job.Id, job.Kind, job.Terminal, job.Attempt, job.Attempts);
        await using var heartbeat = new JobHeartbeat(claim, meter, time, logger);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, heartbeat.Token);
        try
        {
            var result = await works.Single(w => w.Kind == job.Kind).RunAsync(new JobContext(job, meter), both.Token);
            return JobEnding.Done(JobJson.WriteResult(result));
        }
        catch (Exception) when (heartbeat.IsLost)
        {
            LogLost(job.Id);
            return null;
        }
        catch (Exception) when (heartbeat.CancelledBy is not null)
        {
            LogCancelled(job.Id, heartbeat.CancelledBy);
            return JobEnding.CalledOff(heartbeat.CancelledBy);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            LogHandedBack(job.Id);
            return JobEnding.HandedBack;
        }
        catch (Exception e)
        {
            var known = Failures.Translate(e);
            var ending = JobEnding.Failed(job, known, Random.Shared.NextDouble());
            using var scope = meter.Runs is [.., var run] ? LogScopes.OfRun(logger, run) : null;
            if (ending.State != JobState.Waiting)
                LogFailed(ending.State == JobState.Failed ? LogLevel.Error : LogLevel.Warning, job.Id, job.Kind, job.Terminal, job.Attempt, job.Attempts, known.Message, known.Hint, known.Code == SyncErrorCode.Unexpected ? e : null);
            return ending;
        }
    }

    private async Task EndAsync(JobClaim claim, JobEnding? ending, JobMeter meter, bool isArmed)
    {
        if (ending is null)
            return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (isArmed)
                {
                    await ArmAsync((connection, token) => claim.EndAsync(connection, ending, meter.Runs, token), CancellationToken.None);
                    return;
                }
                await using var connection = await central.OpenConnectionAsync(CancellationToken.None);
                await claim.EndAsync(connection, ending, meter.Runs, CancellationToken.None);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or SchedulerException && attempt < EndAttempts)
            {
                LogEndDelayed(claim.Job.Id, e.Message);
                await Task.Delay(EndDelay, time);
                // A scheduler that has been shut down takes no trigger; the row is found by the sweep.
                isArmed = isArmed && e is not SchedulerException;
            }
        }
    }

    private async Task ArmAsync(Func<NpgsqlConnection, CancellationToken, Task<IReadOnlyList<ArmedJob>>> change, CancellationToken cancellationToken)
    {
        var scheduler = await triggers.SchedulerAsync(cancellationToken);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        using var arming = new JobArming(scheduler, transaction);
        await arming.ArmAsync(await change(connection, cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(110, LogLevel.Debug, "Job {Id} ({Kind} {Terminal}) begins, attempt {Attempt} of {Attempts}")]
    private partial void LogBegun(long id, JobKind kind, string? terminal, int attempt, int attempts);

    [LoggerMessage(EventId = 111, Message = "Job {Id} ({Kind} {Terminal}) failed, attempt {Attempt} of {Attempts}: {Reason} (hint: {Hint})")]
    private partial void LogFailed(LogLevel level, long id, JobKind kind, string? terminal, int attempt, int attempts, string reason, string? hint, Exception? exception);

    [LoggerMessage(112, LogLevel.Information, "Job {Id} was cancelled by {By}")]
    private partial void LogCancelled(long id, string by);

    [LoggerMessage(113, LogLevel.Information, "Job {Id} is handed back: this host stops")]
    private partial void LogHandedBack(long id);

    [LoggerMessage(114, LogLevel.Warning, "Job {Id} was taken over by another host, because this one had not answered for too long")]
    private partial void LogLost(long id);

    [LoggerMessage(115, LogLevel.Warning, "How job {Id} ended cannot be written down yet: {Reason}")]
    private partial void LogEndDelayed(long id, string reason);
}
