using Npgsql;
using PayFlow.Admin.Jobs.Running;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Compares a terminal with central.</summary>
internal sealed class VerifyWork(NpgsqlDataSource central, TimeProvider time) : IJobWork
{
    private const int SamplesPerTable = 20;

    public JobKind Kind => JobKind.Verify;

    public async Task<object> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var path = await TerminalPath.FindAsync(central, context.Terminal, cancellationToken);
        var request = new VerifyRequest { Tables = context.Request.Tables, Samples = SamplesPerTable };
        return VerifyReportText.Document(await new Verification(path, central, time).RunAsync(request, context.Meter, cancellationToken));
    }
}
