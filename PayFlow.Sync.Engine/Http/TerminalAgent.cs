using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// Keeps a till elsewhere in step, by way of a host: attaches its file once, then syncs again and again. A line that fails is waited out, longer each time; what the till sells meanwhile waits in its queue.
/// </summary>
public sealed class TerminalAgent : IAsyncDisposable
{
    /// <summary>Pauses differ by so much, lest all tills come back at the same moment after a failure of the host.</summary>
    private const double Jitter = 0.3;

    private readonly string _path;
    private readonly DeviceCredentials _device;
    private readonly AgentOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpCentral _central;
    private readonly RemoteAttachment _attachment;
    private TerminalSync? _sync;

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
        _device = device;
        _options = options ?? new AgentOptions();
        _time = time ?? TimeProvider.System;
        _central = new HttpCentral(new HostLine(device.Host, device.Key, handler)) { Interval = _options.Interval };
        _attachment = new RemoteAttachment(sqlitePath, device, _time);
    }

    /// <summary>Told the end of each run.</summary>
    public event Action<RunReport>? Synced;

    /// <summary>Told each failure, and the pause that follows it.</summary>
    public event Action<SyncException, TimeSpan>? Failed;

    /// <summary>Syncs until it is stopped. Ends by itself only when the host no longer takes this device.</summary>
    /// <exception cref="SyncException">The device was revoked.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var pause = _options.Interval;
            try
            {
                Synced?.Invoke(await RunOnceAsync(cancellationToken));
                failures = 0;
            }
            // What somebody has to mend at the host or at the till may be mended without a word to this program: it asks again, at the longest pause.
            catch (SyncException e) when (e.Code != SyncErrorCode.NotPermitted)
            {
                pause = e.IsTransient ? PauseAfter(failures++) : _options.LongestPause;
                Failed?.Invoke(e, pause);
            }
            await Task.Delay(Spread(pause), _time, cancellationToken);
        }
    }

    /// <summary>Does what is to be done now, once: attaches the file if it is not, compares its old rows if they wait, and syncs.</summary>
    /// <exception cref="SyncException">It could not be done; nothing that was done is lost.</exception>
    public async Task<RunReport> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (_sync is null)
        {
            if (!_attachment.IsDone())
                await _attachment.AttachAsync(_central, cancellationToken);
            _sync = new TerminalSync(_path, _central, _options.Sync, _time);
        }
        if (_attachment.IsWaitingForBootstrap())
            await _sync.RunAsync(new SyncRequest { Bootstrap = true }, null, cancellationToken);
        return await _sync.RunAsync(new SyncRequest { SyncType = "schedule" }, null, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // Disposes of central, too.
        if (_sync is not null)
            await _sync.DisposeAsync();
        else
            await _central.DisposeAsync();
    }

    private TimeSpan PauseAfter(int failures) => TimeSpan.FromTicks(Math.Min(_options.LongestPause.Ticks, _options.FirstPause.Ticks << Math.Min(failures, 16)));

    private static TimeSpan Spread(TimeSpan pause) => pause * (1 - Jitter + 2 * Jitter * Random.Shared.NextDouble());
}
