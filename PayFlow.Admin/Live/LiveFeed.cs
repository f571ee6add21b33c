using Npgsql;

namespace PayFlow.Admin.Live;

/// <summary>
/// Hears what changes in central, whoever changes it: one connection per host listens for the notifications that the tables' triggers send. While it is cut off, subscribers are told so;
/// when it is back they are told that everything may have changed.
/// </summary>
internal sealed partial class LiveFeed(NpgsqlDataSource central, TimeProvider time, ILogger<LiveFeed> logger) : BackgroundService
{
    public const string Channel = "payflow_live";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>A connection that is cut without a word would be listened to for ever.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];

    /// <summary>Whether central answers; false from the start until it does.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Since when <see cref="IsConnected"/> has been as it is.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>Open subscriptions, one for each page that somebody looks at.</summary>
    public int Subscribers
    {
        get
        {
            lock (_gate)
                return _subscriptions.Count;
        }
    }

    /// <summary>Calls back after changes of the given topics, on any thread; and with <see cref="LiveTopic.None"/> when the connection is lost or back. To be ended by disposing.</summary>
    public IDisposable Subscribe(LiveTopic topics, Action<LiveTopic> changed)
    {
        var subscription = new Subscription(this, topics, changed);
        lock (_gate)
            _subscriptions.Add(subscription);
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // Whatever it is: it is said and tried again, and ends neither the feed nor the host.
            catch (Exception e)
            {
                Lost(e.Message);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, e) => Publish(Topic(e.Payload));
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        Back();
        while (true)
        {
            if (await connection.WaitAsync(Silence, cancellationToken))
                continue;
            await using var probe = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = (int)Silence.TotalSeconds };
            await probe.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static LiveTopic Topic(string payload) => Enum.TryParse<LiveTopic>(payload, ignoreCase: true, out var topic) ? topic : LiveTopic.All;

    private void Back()
    {
        (IsConnected, Since) = (true, time.GetUtcNow());
        // What happened while nobody listened is not told any more: everything may have changed.
        Publish(LiveTopic.All);
        Publish(LiveTopic.None);
    }

    private void Lost(string reason)
    {
        if (IsConnected)
            LogLost(reason);
        if (IsConnected)
            Since = time.GetUtcNow();
        IsConnected = false;
        Publish(LiveTopic.None);
    }

    /// <summary>Says that something of it changed. What central knows nothing of is said by whoever makes it so, on this host alone.</summary>
    public void Publish(LiveTopic topic)
    {
        Subscription[] told;
        lock (_gate)
            told = [.. _subscriptions.Where(s => topic == LiveTopic.None || (s.Topics & topic) != 0)];
        foreach (var subscription in told)
            subscription.Changed(topic);
    }

    [LoggerMessage(1301, LogLevel.Warning, "Live updates have stopped, central does not answer: {Reason}")]
    private partial void LogLost(string reason);

    private sealed record Subscription(LiveFeed Feed, LiveTopic Topics, Action<LiveTopic> Changed) : IDisposable
    {
        public void Dispose()
        {
            lock (Feed._gate)
                Feed._subscriptions.Remove(this);
        }
    }
}
