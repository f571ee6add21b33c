namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>
/// Keeps <c>GET /api/sync/events</c> open and rings for what it says. Its own attempts to get through are the agent's probe, too: the moment the host answers again, the agent syncs.
/// </summary>
internal sealed class EventListener(HostLine line, AgentBell bell, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>A host that does not know events, or a device that it does not take.</summary>
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(5);

    /// <summary>A stream that was open for so long was a good one.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    private readonly AgentBell _hurry = new(time);
    private volatile bool _isOpen;

    /// <summary>Told when the stream opens and when it ends.</summary>
    public Action<bool>? Switched { get; set; }

    /// <summary>The host tells us what happens.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>The network has changed: the next attempt is made at once.</summary>
    public void Hurry() => _hurry.Ring(WakeReason.Line);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var started = time.GetTimestamp();
            var pause = FirstPause;
            try
            {
                await line.ListenAsync(SyncPaths.Events, Hear, cancellationToken);
            }
            catch (SyncException e)
            {
                pause = e.IsTransient ? FirstPause : RefusedPause;
                // Whether the device was revoked is for a run to find out, which ends the agent then.
                if (e.Code == SyncErrorCode.NotPermitted)
                    bell.Ring(WakeReason.Line);
            }
            Switch(false);
            failures = time.GetElapsedTime(started) > Steady ? 0 : failures + 1;
            pause = Pause.Spread(pause == RefusedPause ? pause : Pause.After(failures, pause, LongestPause));
            await _hurry.WaitAsync(WakeReason.Line, pause, cancellationToken);
            _hurry.Silence();
        }
    }

    private void Hear(HostSignal signal)
    {
        if (signal == HostSignal.Ready)
            Switch(true);
        bell.Ring(signal == HostSignal.Ready ? WakeReason.Line : WakeReason.Signal);
    }

    private void Switch(bool isOpen)
    {
        if (_isOpen == isOpen)
            return;
        _isOpen = isOpen;
        Switched?.Invoke(isOpen);
    }
}
