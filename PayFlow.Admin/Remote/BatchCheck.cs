using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Remote;

/// <summary>Whether a batch from outside is one that the engine itself could have built for this plan: the merge takes its shape for granted.</summary>
internal static class BatchCheck
{
    /// <summary>Rows of one batch; the engine sends 5,000 unless it is told otherwise.</summary>
    private const int MostRows = 100_000;

    /// <exception cref="SyncException">It is none; nothing of it is applied.</exception>
    public static void Require(ChangeBatch batch, RemoteTurn turn)
    {
        if (batch.RunId != turn.Run)
            throw Wrong($"Batch {batch.Id} belongs to run {batch.RunId}, and the request to {turn.Run}");
        if (batch.Sections.Any(s => s is null || s.Rows.Any(r => r is null)))
            throw Wrong($"Batch {batch.Id} has a section or a row that is null");
        if (batch.RowCount > MostRows)
            throw Wrong($"Batch {batch.Id} has {batch.RowCount} rows; at most {MostRows} are taken");
        foreach (var section in batch.Sections)
            Require(section, turn.Table(section.Table));
    }

    private static void Require(TableSection section, TablePlan table)
    {
        if (!table.Pulls && !section.IsLinkOnly)
            throw new SyncException(SyncErrorCode.NotPermitted, $"Table {table.Name} does not travel up to central", "The table map says which tables do.") { Table = table.Name };
        if (!section.Columns.SequenceEqual(table.Columns.Select(c => c.Terminal.Name)))
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"The columns of {table.Name} are not those of the plan", "Open a run for the plan that holds now; a terminal does so by itself.") { Table = table.Name, IsTransient = true };
        var width = table.Columns.Count;
        if (section.Rows.FirstOrDefault(r => r.Values is { } values && values.Length != width || r.Base is { } before && before.Length != width) is { } odd)
            throw Wrong($"{table.Name}/{odd.Key} does not have {width} values");
    }

    private static SyncException Wrong(string message) => new(SyncErrorCode.Protocol, message, "docs/protocol.md describes a batch; nothing of this one was applied.");
}
