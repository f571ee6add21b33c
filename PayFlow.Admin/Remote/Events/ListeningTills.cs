using System.Collections.Concurrent;
using System.Threading.Channels;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote.Events;

/// <summary>
/// The tills that listen on this host, one stream for each. Signals are told in turn, at most so many a second for all of them: each one makes a till sync, and a new price for ten thousand tills must not bring them all in the same second.
/// </summary>
internal sealed class ListeningTills(TimeProvider time) : IDisposable
{
    /// <summary>Signals a second; a run that finds little costs the host about 10 ms.</summary>
    private const int PerSecond = 50;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, TillStream> _streams = new(StringComparer.Ordinal);
    private readonly Channel<TillStream> _line = Channel.CreateUnbounded<TillStream>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>How many listen.</summary>
    public int Count => _streams.Count;

    public bool IsListening(string terminal) => _streams.ContainsKey(terminal);

    public IReadOnlyCollection<TillStream> All => [.. _streams.Values];

    /// <summary>Lets a device listen. Where it listened before, on a line that it may have lost without our knowing, that ends.</summary>
    public TillStream Enter(Device device)
    {
        var stream = new TillStream(device);
        _streams.AddOrUpdate(device.Terminal, stream, (_, old) =>
        {
            old.End();
            return stream;
        });
        _arrived.Release();
        return stream;
    }

    /// <summary>A stream has ended.</summary>
    public void Leave(TillStream stream)
    {
        _streams.TryRemove(KeyValuePair.Create(stream.Device.Terminal, stream));
    }

    /// <summary>Puts a signal to a till in line; what was in line for it already stays one.</summary>
    public void Tell(TillStream stream, HostSignal signal)
    {
        if (stream.Note(signal))
            _line.Writer.TryWrite(stream);
    }

    public void TellAll(HostSignal signal)
    {
        foreach (var stream in _streams.Values)
            Tell(stream, signal);
    }

    /// <summary>Waits until somebody listens.</summary>
    public async Task WaitForOneAsync(CancellationToken cancellationToken)
    {
        while (_streams.IsEmpty)
            await _arrived.WaitAsync(cancellationToken);
        // Who came while somebody was here is not waited for later.
        while (_arrived.Wait(0, CancellationToken.None))
        {
        }
    }

    public void Dispose() => _arrived.Dispose();

    /// <summary>Tells what is in line, until it is stopped.</summary>
    public async Task DispatchAsync(CancellationToken cancellationToken)
    {
        while (await _line.Reader.WaitToReadAsync(cancellationToken))
        {
            for (var told = 0; told < PerSecond * Slice.TotalSeconds && _line.Reader.TryRead(out var stream); told++)
                stream.Release();
            await Task.Delay(Slice, time, cancellationToken);
        }
    }
}
