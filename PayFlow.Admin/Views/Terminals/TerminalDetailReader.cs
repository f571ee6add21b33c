using Npgsql;
using PayFlow.Admin.Views.Runs;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>Reads one terminal: what central knows, and what its own file says where this host can open it.</summary>
internal sealed class TerminalDetailReader(NpgsqlDataSource central, TerminalReader terminals, RunReader runs, DeviceReader devices)
{
    private const int StuckRows = 10;
    private const int RecentRuns = 8;

    /// <returns>Null when there is no terminal of that id.</returns>
    public async Task<TerminalDetail?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await terminals.FindAsync(id, cancellationToken) is not { } row)
            return null;
        var recent = await runs.ListAsync(new RunFilter { Terminal = id, IncludesIdle = true }, new PageRequest(1, RecentRuns), cancellationToken);
        var detail = new TerminalDetail { Row = row, Runs = recent.Items, Device = await devices.FindAsync(id, cancellationToken) };
        if (detail.IsRemote || row.Record.State == TerminalState.Detached)
            return detail;
        try
        {
            var path = TerminalFilePath.Require(row.Record);
            // SQLite reads without asking anybody to wait for it.
            detail = detail with { File = await Task.Run(() => TerminalInspection.Read(path, StuckRows), cancellationToken) };
            return await WithCheckpointsAsync(detail, path, cancellationToken);
        }
        catch (SyncException e)
        {
            return detail with { FileProblem = e };
        }
    }

    private async Task<TerminalDetail> WithCheckpointsAsync(TerminalDetail detail, string path, CancellationToken cancellationToken)
    {
        try
        {
            return detail with { Checkpoints = await Task.Run(() => new CheckpointReader(path, central).ReadAsync(cancellationToken), cancellationToken) };
        }
        catch (SyncException e) when (e.Code != SyncErrorCode.CentralUnavailable)
        {
            return detail with { CheckpointProblem = e };
        }
    }
}
