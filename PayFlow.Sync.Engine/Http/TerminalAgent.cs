using PayFlow.Sync.Engine.Http.Agents;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// Keeps a till elsewhere in step, by way of a host: attaches its file once, then syncs when the host signals, when the till has booked something, when the line is back, and in any case after a while.
/// A line that fails is waited out, longer each time; what the till sells meanwhile waits in its queue. One agent for each file; docs/agent.md shows how a POS program uses it.
/// </summary>
public sealed class TerminalAgent : IAsyncDisposable
{
    private readonly string _path;
    private readonly AgentOptions _options;
    private readonly TimeProvider _time;
    private readonly KeyRing _keys;
    private readonly HttpCentral _central;
    private readonly RemoteAttachment _attachment;
    private readonly AgentBell _bell;
    private readonly EventListener _events;
    private readonly QueueWatch _queue;
    private readonly StatusBoard _board;
    private TerminalSync? _sync;
    private volatile bool _isStopping;

    /// <param name="sqlitePath">The till's SQLite file.</param>
    /// <param name="device">The registered device.</param>
    /// <param name="options">Defaults fit a POS.</param>
    /// <param name="time">The clock for pauses and logs.</param>
    /// <param name="handler">Another way to the host, for tests.</param>
    public TerminalAgent(string sqlitePath, DeviceCredentials device, AgentOptions? options = null, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!device.IsRegistered)
            throw new ArgumentException("The device is not registered.", nameof(device));
        _path = sqlitePath;
        _options = options ?? new AgentOptions();
        _time = time ?? TimeProvider.System;
        var line = new HostLine(device.Host, device.Key, handler) { Time = _time };
        _central = new HttpCentral(line) { Interval = _options.Interval };
        _attachment = new RemoteAttachment(sqlitePath, device, _time);
        _bell = new AgentBell(_time);
        var version = typeof(TerminalAgent).Assembly.GetName().Version!.ToString(3);
        _board = new StatusBoard(sqlitePath, new AgentStatus { Terminal = device.Terminal!, Host = device.Host, Version = version }, _time) { Changed = status => StatusChanged?.Invoke(status) };
        _events = new EventListener(line, _bell, _time) { Switched = _board.Listening };
        _keys = new KeyRing(sqlitePath, device, line) { Changed = _events.Hurry };
        _queue = new QueueWatch(sqlitePath, _bell, _time) { Looked = _board.Looked };
    }

    /// <summary>Told the end of each run.</summary>
    public event Action<RunReport>? Synced;

    /// <summary>Told what became of the rows from before the attachment, when they have been compared with central.</summary>
    public event Action<RunReport>? Compared;

    /// <summary>Told each failure, and the pause that follows it.</summary>
    public event Action<SyncException, TimeSpan>? Failed;

    /// <summary>Told each change of <see cref="Status"/>, on any thread.</summary>
    public event Action<AgentStatus>? StatusChanged;

    /// <summary>How the till stands at the moment; the same as in the file that <see cref="AgentStatusFile"/> reads.</summary>
    public AgentStatus Status => _board.Status;

    /// <summary>Asks for a run now, for a button of the POS program; returns at once.</summary>
    public void SyncNow() => _bell.Ring(WakeReason.Asked);

    /// <summary>Syncs until it is stopped: then a run under way ends at its next border, and this returns. Ends by itself only when the host no longer takes this device.</summary>
    /// <exception cref="SyncException">The device was revoked, or another agent has the file.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var hold = await AgentLock.TakeAsync(_path, cancellationToken);
        _board.Recall();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var network = new NetworkWatch(OnNetwork);
        Task[] all = [SyncAgainAndAgainAsync(ended.Token), _events.RunAsync(ended.Token), _queue.RunAsync(ended.Token), _board.RunAsync(ended.Token)];
        await Task.WhenAny(all);
        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(all);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped, as asked.
        }
        finally
        {
            _queue.LookNow();
            _board.End();
        }
    }

    /// <summary>Does what is to be done now, once: attaches the file if it is not, compares its old rows if they wait, and syncs. Not beside <see cref="RunAsync"/>.</summary>
    /// <exception cref="SyncException">It could not be done, or another agent has the file; nothing that was done is lost.</exception>
    public async Task<RunReport> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var hold = await AgentLock.TakeAsync(_path, cancellationToken);
        _board.Recall();
        try
        {
            _board.Begin();
            _keys.Take();
            var report = await SyncOnceAsync(cancellationToken);
            _keys.Settle();
            _board.Done(report, null);
            return report;
        }
        catch (SyncException e)
        {
            _board.Failed(e, null);
            throw;
        }
        finally
        {
            _queue.LookOnce();
            _board.End();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Dispose();
        // Disposes of central, too.
        if (_sync is not null)
            await _sync.DisposeAsync();
        else
            await _central.DisposeAsync();
    }

    private async Task<RunReport> SyncOnceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await SyncAsync(null, cancellationToken);
            }
            catch (SyncException e) when (e.Code == SyncErrorCode.NotPermitted && _keys.TakeAnother())
            {
                // Again, with that one.
            }
        }
    }

    private async Task SyncAgainAndAgainAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            var (pause, reasons) = (Pause.Spread(_options.Interval), WakeReason.Any);
            try
            {
                _board.Begin();
                var report = await RunAndEndCleanlyAsync(cancellationToken);
                _queue.LookNow();
                _keys.Settle();
                _board.Done(report, pause);
                Synced?.Invoke(report);
                failures = 0;
                if (report.HasMore)
                    continue;
            }
            catch (SyncException e) when (e.Code == SyncErrorCode.NotPermitted && _keys.TakeAnother())
            {
                continue;
            }
            // What somebody has to mend at the host or at the till may be mended without a word to this program: it asks again, at the longest pause.
            catch (SyncException e) when (e.Code != SyncErrorCode.NotPermitted)
            {
                pause = Pause.Spread(e.IsTransient ? Pause.After(++failures, _options.FirstPause, _options.LongestPause) : _options.LongestPause);
                // What the till books meanwhile does not bring the line back, and says nothing of it.
                reasons = WakeReason.Line | WakeReason.Asked;
                _queue.LookNow();
                _board.Failed(e, pause);
                Failed?.Invoke(e, pause);
            }
            catch (SyncException e)
            {
                _board.Failed(e, null);
                throw;
            }
            if ((await _bell.WaitAsync(reasons, pause, cancellationToken) & (WakeReason.Growth | WakeReason.Signal)) != WakeReason.None)
                await Task.Delay(_options.Gather, _time, cancellationToken);
        }
    }

    // Asked to stop, a run goes on to its next border, as long as that is not too far.
    private async Task<RunReport> RunAndEndCleanlyAsync(CancellationToken cancellationToken)
    {
        using var broken = new CancellationTokenSource();
        using var stop = cancellationToken.Register(() =>
        {
            _isStopping = true;
            broken.CancelAfter(_options.StopPatience);
        });
        try
        {
            _bell.Silence();
            _queue.Settle();
            _keys.Take();
            return await SyncAsync(Pressing, broken.Token);
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task<RunReport> SyncAsync(Func<int?>? pressing, CancellationToken cancellationToken)
    {
        if (_sync is null)
        {
            if (!_attachment.IsDone())
                await _attachment.AttachAsync(_central, cancellationToken);
            _sync = new TerminalSync(_path, _central, _options.Sync, _time);
        }
        var hasMore = false;
        if (_attachment.IsWaitingForBootstrap())
        {
            var comparison = await _sync.RunAsync(new SyncRequest { Bootstrap = true, AcceptMoved = _options.AcceptMoved, Pressing = pressing }, null, cancellationToken);
            hasMore = comparison.HasMore;
            Compared?.Invoke(comparison);
        }
        _queue.Settle();
        var report = await _sync.RunAsync(new SyncRequest { SyncType = "agent", AcceptMoved = _options.AcceptMoved, Pressing = pressing }, null, cancellationToken);
        return report with { HasMore = report.HasMore || hasMore };
    }

    private int? Pressing() => _isStopping ? 0 : _queue.Pressing;

    private void OnNetwork()
    {
        _events.Hurry();
        _bell.Ring(WakeReason.Line);
    }
}
