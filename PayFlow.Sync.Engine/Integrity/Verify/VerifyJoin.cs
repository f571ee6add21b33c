using System.Threading.Channels;
using Npgsql;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// The two streams of one table, side by side: central's is read by a thread of its own, the terminal's by the one that compares. Gives the number of rows that are equal,
/// and puts every other one among the findings, to be looked at again.
/// </summary>
internal sealed class VerifyJoin(VerifyTable table, VerifyFindings findings, Action<long> progress)
{
    private const int ChunksAhead = 8;

    /// <exception cref="VerifyOrderException">The terminal's rows do not come in the order of central's keys.</exception>
    public async Task<long> RunAsync(NpgsqlConnection connection, VerifyTerminalReader terminal, CancellationToken cancellationToken)
    {
        using var reader = await VerifyCentralReader.OpenAsync(connection, table, cancellationToken);
        var filled = Channel.CreateBounded<VerifyChunk>(new BoundedChannelOptions(ChunksAhead) { SingleReader = true, SingleWriter = true });
        var empty = Channel.CreateUnbounded<VerifyChunk>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Factory.StartNew(() => ReadCentral(reader, filled.Writer, empty.Reader, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await Task.Factory.StartNew(
                () => Compare(new VerifySide(table, filled.Reader, empty.Writer), new VerifySide(table, terminal), cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAny(reading);
        }
    }

    private static void ReadCentral(VerifyCentralReader reader, ChannelWriter<VerifyChunk> filled, ChannelReader<VerifyChunk> empty, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var chunk = empty.TryRead(out var used) ? used : new VerifyChunk(reader.Width);
                if (!reader.Read(chunk))
                    break;
                if (!filled.TryWrite(chunk))
                    filled.WriteAsync(chunk, cancellationToken).AsTask().GetAwaiter().GetResult();
            }
            filled.Complete();
        }
        catch (Exception e)
        {
            // Whoever compares meets it.
            filled.Complete(e);
        }
    }

    private long Compare(VerifySide central, VerifySide terminal, CancellationToken cancellationToken)
    {
        var equal = 0L;
        var seen = 0L;
        var (hasCentral, hasTerminal) = (central.Next(), terminal.Next());
        while (hasCentral || hasTerminal)
        {
            if ((++seen & 0x3ff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress(seen);
            }
            var order = !hasTerminal ? -1 : !hasCentral ? 1 : table.Order.Compare(central.Key, terminal.Key);
            if (order == 0)
            {
                if (table.AreEqual(central.Row, terminal.Row))
                    equal++;
                else
                    Found(DifferenceKind.Different, central.Key, terminal.Row);
            }
            else if (order > 0)
            {
                Found(DifferenceKind.MissingInCentral, terminal.Key, terminal.Row);
            }
            // Rows of other tills are none of this one's business in a table that only travels up.
            else if (table.Plan.Pushes)
            {
                Found(DifferenceKind.MissingInTerminal, central.Key, default);
            }
            if (order <= 0)
                hasCentral = central.Next();
            if (order >= 0)
                hasTerminal = terminal.Next();
        }
        progress(seen);
        return equal;
    }

    private void Found(DifferenceKind kind, ReadOnlySpan<CellValue> key, ReadOnlySpan<CellValue> terminal) =>
        findings.Add(new VerifyFinding(table.Plan.Name, kind, RowKey.Format(key), terminal.IsEmpty ? null : table.OwnKey(terminal)), isProven: false);
}
