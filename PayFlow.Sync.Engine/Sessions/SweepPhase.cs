using System.Text.Json;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// After a hole in the change log: asks central for every row that the terminal has, chunk by chunk in key order, and removes those that are gone there. Rows with an open
/// queue entry stay. Goes on where it stopped.
/// </summary>
internal sealed class SweepPhase(RunContext run)
{
    private const int KeysPerChunk = 1_000;

    /// <returns>False when it gave way.</returns>
    public async Task<bool> RunAsync(TablePlan table, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (keys, last) = Read(table, run.Tables[table.Name].LoadKey);
            if (last is null)
                return true;
            var gone = (await run.Central.FetchAsync(table, keys, cancellationToken)).Where(r => r.Values is null).ToList();
            run.Database.WriteUncaptured(() =>
            {
                foreach (var tally in run.Tools.PageWriter.Write([.. gone.Select(r => new IncomingRow(table, r.Key, null))], run.Now).Values)
                    run.Of(table.Name, SyncDirection.Push).Add(tally);
                run.Save(run.Tables[table.Name] with { LoadKey = JsonSerializer.Serialize(last, CellJson.Options) });
            });
            run.Step("sweep-chunk-written");
            if (run.GivesWayDown(table.Entry.Priority))
                return false;
        }
    }

    private (List<string> Keys, CellValue[]? Last) Read(TablePlan table, string? after)
    {
        var columns = table.TerminalKey.Select(k => "t." + SqliteName.Quote(k.Name)).ToList();
        var start = after is null ? null : JsonSerializer.Deserialize<CellValue[]>(after, CellJson.Options);
        var central = table.KeyMode == KeyMode.Linked ? "t." + SqliteName.Quote(table.ServerIdColumn!) : KeySql.Text(table, "t");
        var statement = run.Database.Prepare($"""
            SELECT {central}, {string.Join(", ", columns)} FROM {SqliteName.Quote(table.Name)} t
            {(start is null ? string.Empty : $"WHERE ({string.Join(", ", columns)}) > ({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))})")}
            ORDER BY {string.Join(", ", columns)}
            LIMIT {KeysPerChunk}
            """);
        for (var i = 0; start is not null && i < start.Length; i++)
            statement.Bind(i + 1, start[i]);
        var keys = new List<string>();
        CellValue[]? last = null;
        while (statement.Step())
        {
            last = [.. Enumerable.Range(1, columns.Count).Select(statement.Column)];
            if (statement.Text(0) is { } key)
                keys.Add(key);
        }
        return (keys, last);
    }
}
