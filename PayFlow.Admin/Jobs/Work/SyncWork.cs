using Npgsql;
using PayFlow.Admin.Hosting.Telemetry;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>One run of one terminal.</summary>
internal sealed partial class SyncWork(NpgsqlDataSource central, TerminalSyncPool syncs, ILogger<SyncWork> logger) : IJobWork
{
    public JobKind Kind => JobKind.Sync;

    public async Task<object> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var path = await TerminalPath.FindAsync(central, context.Terminal, cancellationToken);
        var request = new SyncRequest
        {
            Direction = context.Request.Direction,
            Tables = context.Request.Tables,
            SyncType = JobWords.Of(context.Job.Origin),
            Bootstrap = context.Request.IsBootstrap,
            IsDryRun = context.Request is { IsBootstrap: true, IsDryRun: true },
            Begun = context.Meter.AddRun,
        };
        var (sync, options) = await syncs.TakeAsync(context.Terminal, path, cancellationToken);
        var isGood = false;
        try
        {
            var report = await sync.RunAsync(request, context.Meter, cancellationToken);
            isGood = true;
            ConsoleMeter.RunEnded(report.Conflicts + report.FailedRows > 0 ? "conflict" : "synced", request.SyncType, report.Moved);
            using var scope = LogScopes.OfRun(logger, report.RunId);
            // A run with nothing to do is no news.
            LogSynced(report.Moved + report.Settled > 0 ? LogLevel.Information : LogLevel.Debug, report.Terminal, report.RunId, report.Moved, report.Conflicts, report.Settled, report.FailedRows, report.WaitingForBootstrap, report.CompletedAt - report.StartedAt);
            return RunReportJson.Of(report);
        }
        finally
        {
            if (!isGood)
                ConsoleMeter.RunEnded(cancellationToken.IsCancellationRequested ? "stopped" : "failed", request.SyncType, 0);
            // After a failure the file is opened anew: it may have been put in another's place.
            if (isGood)
                await syncs.GiveBackAsync(context.Terminal, path, options, sync);
            else
                await sync.DisposeAsync();
        }
    }

    [LoggerMessage(EventId = 100, Message = "{Terminal}: {Moved} rows moved, {Conflicts} conflicts open, {Settled} settled by policy, {Failed} failed, {Waiting} waiting for bootstrap, in {Time} (run {RunId})")]
    private partial void LogSynced(LogLevel level, string terminal, Guid runId, long moved, long conflicts, long settled, long failed, long waiting, TimeSpan time);
}
