using System.Diagnostics;
using System.Threading.Channels;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// A table's first load: the log's place was noted before, then the table streams down in key order, chunk by chunk, and goes on in the middle after a stop.
/// What changes meanwhile stands in the log behind the noted place.
/// </summary>
internal sealed class LoadPhase(RunContext run)
{
    private const int RowsPerChunk = 1_000;

    // A transaction of this many chunks: long enough that the disk is not waited for, short enough that a cashier is not.
    private const int ChunksPerTransaction = 10;

    private long? _total;

    /// <returns>False when it gave way, and is to be gone on with behind the last key.</returns>
    public async Task<bool> RunAsync(TablePlan table, CancellationToken cancellationToken)
    {
        var state = run.Tables.GetValueOrDefault(table.Name) ?? new TableState { Name = table.Name };
        await run.EnsureAdvancedAsync(cancellationToken);
        if (state.Load == LoadState.Waiting)
        {
            var position = state.Position == default ? await run.Central.PositionAsync(cancellationToken) : state.Position;
            state = state with { Load = run.Store.IsUntouched(table.Name) ? LoadState.LoadingEmpty : LoadState.Loading, LoadKey = null, Position = position };
            run.Database.Write(() => run.Save(state));
        }
        else if (state is { Load: LoadState.Reloading, LoadKey: null })
        {
            var position = await run.Central.PositionAsync(cancellationToken);
            run.Database.Write(() => run.Save(state with { Position = position }));
        }
        else if (state.Load == LoadState.LoadingEmpty)
        {
            // Begun by an earlier run: the POS program may have made rows since, and they may be among those that come down.
            state = state with { Load = LoadState.Loading };
        }
        if (state.Load != LoadState.Sweeping)
        {
            run.Of(table.Name, SyncDirection.Push).CheckpointFrom ??= state.LoadKey;
            _total = run.IsWatched && state.LoadKey is null ? await run.Central.CountAsync(table, cancellationToken) : null;
            if (!await StreamAsync(table, state, cancellationToken))
                return false;
            run.Database.Write(() => run.Save(run.Tables[table.Name] with { Load = state.Load == LoadState.Reloading ? LoadState.Sweeping : LoadState.Done, LoadKey = null }));
        }
        if (run.Tables[table.Name].Load == LoadState.Sweeping)
        {
            if (!await new SweepPhase(run).RunAsync(table, cancellationToken))
                return false;
            run.Database.Write(() => run.Save(run.Tables[table.Name] with { Load = LoadState.Done, LoadKey = null }));
        }
        run.Of(table.Name, SyncDirection.Push).CheckpointTo = run.Tables[table.Name].Position.ToString();
        run.Step("load-table-done");
        return true;
    }

    private async Task<bool> StreamAsync(TablePlan table, TableState state, CancellationToken cancellationToken)
    {
        var chunks = Channel.CreateBounded<LoadChunk>(new BoundedChannelOptions(ChunksPerTransaction) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(table, state, chunks.Writer, stop.Token), stop.Token);
        try
        {
            var group = new List<List<IncomingRow>>();
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellationToken))
            {
                group.Add(chunk.Rows);
                if (group.Count < ChunksPerTransaction && !chunk.EndsPiece)
                    continue;
                Write(table, group, state.Load == LoadState.LoadingEmpty);
                group.Clear();
            }
            if (group.Count > 0)
                Write(table, group, state.Load == LoadState.LoadingEmpty);
        }
        finally
        {
            await stop.CancelAsync();
            await Settled(reading);
        }
        return await reading;
    }

    // Beside the writing: what can be made out of a row without the file is made out here, and only what arrived as it left is handed on.
    // False when it gave way: the next piece is not even asked for.
    private async Task<bool> ReadAsync(TablePlan table, TableState state, ChannelWriter<LoadChunk> writer, CancellationToken cancellationToken)
    {
        try
        {
            var applier = run.Tools.Appliers[table.Name];
            var chunk = new List<IncomingRow>(RowsPerChunk);
            var size = 0L;
            // Of the stream as it arrives here; the rows carry it as it left central.
            var arrived = ChangeChecksum.Begin();
            var left = arrived.Value;
            await foreach (var row in run.Central.ReadTableAsync(table, state.LoadKey, cancellationToken))
            {
                var incoming = new IncomingRow(table, row.Key, row.Values);
                chunk.Add(state.Load == LoadState.LoadingEmpty ? applier.Prepare(incoming) : incoming);
                size += RowSize.Of(row.Values);
                arrived.Add(row.Key);
                arrived.Add(row.Values);
                left = row.Checksum;
                if (chunk.Count < RowsPerChunk && size < RowSize.Chunk && !row.EndsPiece)
                    continue;
                RequireIntact(table, arrived.Value, left);
                await writer.WriteAsync(new LoadChunk(chunk, row.EndsPiece), cancellationToken);
                if (row.EndsPiece && run.GivesWayDown(table.Entry.Priority))
                {
                    writer.Complete();
                    return false;
                }
                chunk = new List<IncomingRow>(RowsPerChunk);
                size = 0;
            }
            RequireIntact(table, arrived.Value, left);
            if (chunk.Count > 0)
                await writer.WriteAsync(new LoadChunk(chunk, false), cancellationToken);
            writer.Complete();
            return true;
        }
        catch (Exception e)
        {
            // Whoever reads the channel meets it.
            writer.Complete(e);
            throw;
        }
    }

    // Waits for the reader to let go of the connection; what it threw is met where it is awaited.
    private static Task<Task> Settled(Task reading) => Task.WhenAny(reading);

    private static void RequireIntact(TablePlan table, ulong arrived, ulong left)
    {
        if (arrived != left)
            throw PageChecksum.Damaged($"A piece of {table.Name}");
    }

    private void Write(TablePlan table, List<List<IncomingRow>> chunks, bool wasEmpty)
    {
        var started = Stopwatch.GetTimestamp();
        var progress = run.Of(table.Name, SyncDirection.Push);
        foreach (var tally in WriteTogether(table, chunks, wasEmpty) ?? WriteEach(table, chunks, wasEmpty))
            progress.Add(tally);
        progress.Read += chunks.Sum(c => c.Count);
        progress.Duration += Stopwatch.GetElapsedTime(started);
        run.Step("load-chunk-written");
        run.Show(new SyncProgress("load", table.Name, progress.Read, _total));
    }

    // Null when a foreign key dangles: then every chunk is written by itself, and its rows one by one where need be.
    private List<PageTally>? WriteTogether(TablePlan table, List<List<IncomingRow>> chunks, bool wasEmpty)
    {
        try
        {
            return run.Database.WriteManyUncaptured(() =>
            {
                var tallies = run.Tools.PageWriter.WriteTogether([.. chunks.SelectMany(c => c)], run.Now, wasEmpty);
                SavePlace(table, chunks);
                return tallies.Values.ToList();
            });
        }
        catch (DanglingKeysException)
        {
            return null;
        }
    }

    private List<PageTally> WriteEach(TablePlan table, List<List<IncomingRow>> chunks, bool wasEmpty) => run.Database.WriteUncaptured(() =>
    {
        var tallies = chunks.SelectMany(chunk => run.Tools.PageWriter.Write(chunk, run.Now, wasEmpty).Values).ToList();
        SavePlace(table, chunks);
        return tallies;
    });

    /// <param name="Rows">Some rows, in order.</param>
    /// <param name="EndsPiece">The next ones have to be asked for, which may take a while: these are written first.</param>
    private readonly record struct LoadChunk(List<IncomingRow> Rows, bool EndsPiece);

    private void SavePlace(TablePlan table, List<List<IncomingRow>> chunks) => run.Save(run.Tables[table.Name] with { LoadKey = chunks[^1][^1].Key });
}
