using Npgsql;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Decides all open conflicts of a filter.</summary>
internal sealed class ResolveWork(NpgsqlDataSource central) : IJobWork
{
    private const int RefusedToKeep = 200;

    public JobKind Kind => JobKind.Resolve;

    public async Task<object> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var choice = request.Choice ?? throw new InvalidOperationException($"Job {context.Job.Id} does not say how to decide.");
        var result = await new BulkResolution(central, request.Filter ?? new ConflictFilter(), choice).ExecuteAsync(context.Job.Actor, request.Reason, context.Meter, cancellationToken);
        return new { resolved = result.Resolved, refusedCount = result.Refused.Count, refused = result.Refused.Take(RefusedToKeep) };
    }
}
