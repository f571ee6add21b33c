namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>Wakes an agent. What is rung while it is at work is heard when it is done; however often, once.</summary>
internal sealed class AgentBell(TimeProvider time)
{
    private readonly Lock _gate = new();
    private WakeReason _rung;
    private WakeReason _awaited;
    private TaskCompletionSource? _waiting;

    public void Ring(WakeReason reason)
    {
        lock (_gate)
        {
            _rung |= reason;
            if ((_rung & _awaited) != WakeReason.None)
                _waiting?.TrySetResult();
        }
    }

    /// <summary>Forgets what was rung: what begins now does all of it.</summary>
    public void Silence()
    {
        lock (_gate)
            _rung = WakeReason.None;
    }

    /// <summary>Waits for one of these reasons, at most so long.</summary>
    /// <returns>Those that were rung; none when the time is over.</returns>
    public async Task<WakeReason> WaitAsync(WakeReason reasons, TimeSpan patience, CancellationToken cancellationToken)
    {
        Task rung;
        lock (_gate)
        {
            if ((_rung & reasons) != WakeReason.None)
                return _rung & reasons;
            _awaited = reasons;
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            rung = _waiting.Task;
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(rung, Task.Delay(patience, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _waiting = null;
            return _rung & reasons;
        }
    }
}
