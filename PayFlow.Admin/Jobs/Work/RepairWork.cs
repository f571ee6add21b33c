using Npgsql;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Integrity.Repairs;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Brings one side to what the other has.</summary>
internal sealed class RepairWork(NpgsqlDataSource central, StoredSettings settings, TimeProvider time) : IJobWork
{
    private const int SamplesPerTable = 20;

    public JobKind Kind => JobKind.Repair;

    public async Task<object> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var path = await TerminalPath.FindAsync(central, context.Terminal, cancellationToken);
        var report = await new Repair(path, central, await settings.OptionsAsync(cancellationToken), time).RunAsync(
            new RepairRequest
            {
                From = context.Request.From ?? throw new InvalidOperationException($"Job {context.Job.Id} does not say which side to believe."),
                Tables = context.Request.Tables,
                Limit = context.Request.Limit,
                IsDryRun = context.Request.IsDryRun,
                IsConfirmed = context.Request.IsConfirmed,
                Actor = context.Job.Actor,
                Samples = SamplesPerTable,
            },
            context.Meter,
            cancellationToken);
        if (report.RunId is { } run)
            context.Meter.AddRun(run);
        return RepairReportText.Document(report);
    }
}
