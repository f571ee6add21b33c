using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote.Events;

/// <summary>One till that listens: what it is to be told next, however often it was said meanwhile.</summary>
internal sealed class TillStream(Device device) : IDisposable
{
    private readonly SemaphoreSlim _bell = new(0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private HostSignal _noted;
    private HostSignal _due;
    private bool _isGone;

    public Device Device => device;

    /// <summary>The stream is over: the device was revoked, or listens somewhere else now.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Notes a signal, for its turn.</summary>
    /// <returns>Whether it has to be put in line for that; it may stand there already.</returns>
    public bool Note(HostSignal signal)
    {
        lock (_gate)
        {
            var isFirst = _noted == HostSignal.None;
            _noted |= signal;
            return isFirst;
        }
    }

    /// <summary>It is its turn: what was noted is told.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (_due == HostSignal.None && !_isGone)
                _bell.Release();
            _due |= _noted;
            _noted = HostSignal.None;
        }
    }

    /// <summary>What there is to tell; none when there was nothing for so long.</summary>
    public async Task<HostSignal> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _bell.WaitAsync(patience, cancellationToken))
            return HostSignal.None;
        lock (_gate)
        {
            var due = _due;
            _due = HostSignal.None;
            return due;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (!_isGone)
                _ended.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isGone = true;
            _bell.Dispose();
            _ended.Dispose();
        }
    }
}
