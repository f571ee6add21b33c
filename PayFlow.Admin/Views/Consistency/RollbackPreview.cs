using Npgsql;
using PayFlow.Sync.Engine.Integrity.Rollbacks;

namespace PayFlow.Admin.Views.Consistency;

/// <summary>Says what taking a run back would do. Changes nothing on either side.</summary>
internal sealed class RollbackPreview(NpgsqlDataSource central, TimeProvider time)
{
    public async Task<RollbackResult> ReadAsync(Guid run, string actor, CancellationToken cancellationToken) =>
        RollbackResult.Of(await Task.Run(() => new Rollback(central, time).RunAsync(new RollbackRequest { Run = run.ToString(), IsDryRun = true, Actor = actor }, cancellationToken), cancellationToken));
}
