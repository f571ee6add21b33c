using Npgsql;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Reads one table: its entry, its figures, and where it stands at each terminal, which only the terminals' own files can say.</summary>
internal sealed class TableDetailReader(NpgsqlDataSource central, TableReader tables)
{
    /// <summary>Terminals on a page: each is a file to open.</summary>
    public const int TerminalsPerPage = 20;

    /// <returns>Null when the map does not have the table.</returns>
    public async Task<TableDetail?> FindAsync(string name, PageRequest page, CancellationToken cancellationToken)
    {
        if (await tables.FindAsync(name, cancellationToken) is not { } row)
            return null;
        var active = (await new TerminalRegistry(central).ListAsync(cancellationToken)).Where(t => t.State == TerminalState.Active).ToList();
        var shown = active.Skip((int)page.Offset).Take(page.Size).ToList();
        var found = new TerminalCheckpoints[shown.Count];
        await Parallel.ForAsync(0, shown.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, token) => found[i] = await ReadAsync(shown[i], row.Name, token));
        return new TableDetail(row, new Page<TerminalCheckpoints>(found, active.Count));
    }

    private async Task<TerminalCheckpoints> ReadAsync(TerminalRecord terminal, string table, CancellationToken cancellationToken)
    {
        try
        {
            var all = await new CheckpointReader(TerminalFilePath.Require(terminal), central).ReadAsync(cancellationToken);
            return new TerminalCheckpoints(terminal.Id, [.. all.Where(c => c.Table.Equals(table, StringComparison.OrdinalIgnoreCase))]);
        }
        catch (SyncException e) when (e.Code != SyncErrorCode.CentralUnavailable)
        {
            return new TerminalCheckpoints(terminal.Id, [], e);
        }
    }
}
