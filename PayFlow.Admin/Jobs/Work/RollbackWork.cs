using Npgsql;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Integrity.Rollbacks;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Takes a run back.</summary>
internal sealed class RollbackWork(NpgsqlDataSource central, TimeProvider time) : IJobWork
{
    public JobKind Kind => JobKind.Rollback;

    public async Task<object> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var report = await new Rollback(central, time).RunAsync(
            new RollbackRequest
            {
                Run = context.Request.Run ?? throw new InvalidOperationException($"Job {context.Job.Id} names no run."),
                Tables = context.Request.Tables,
                IsDryRun = context.Request.IsDryRun,
                Actor = context.Job.Actor,
            },
            cancellationToken);
        if (report.RunId is { } run)
            context.Meter.AddRun(run);
        return RollbackText.Json(report);
    }
}
