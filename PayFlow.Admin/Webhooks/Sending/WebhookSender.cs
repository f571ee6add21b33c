using PayFlow.Admin.Live;
using PayFlow.Admin.Output;

namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>Sends what is due, on every host. It wakes when a delivery is made, when one is done, and when one that waits becomes due.</summary>
internal sealed partial class WebhookSender : BackgroundService
{
    private const int AtOnce = 16;

    /// <summary>One receiver that is slow does not keep the others waiting.</summary>
    private const int OfOne = 4;

    /// <summary>A notification may be lost with its connection.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(20);

    private readonly DeliveryQueue _queue;
    private readonly WebhookRequest _request;
    private readonly HttpMessageInvoker _line;
    private readonly LiveFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSender> _logger;
    private readonly string _host;
    private readonly Dictionary<Task, Guid> _running = [];
    private readonly SemaphoreSlim _bell = new(0);

    public WebhookSender(DeliveryQueue queue, WebhookSecrets secrets, WebhookSettings settings, LiveFeed feed, TimeProvider time, ILogger<WebhookSender> logger)
    {
        (_queue, _feed, _time, _logger) = (queue, feed, time, logger);
        _line = WebhookLine.Create(settings);
        _request = new WebhookRequest(_line, secrets, settings, time);
        _host = $"{Environment.MachineName}-{Environment.ProcessId}";
    }

    public override void Dispose()
    {
        base.Dispose();
        _line.Dispose();
        _bell.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = _feed.Subscribe(LiveTopic.Webhooks, _ => Ring());
        while (!stoppingToken.IsCancellationRequested)
        {
            var sleep = LongestSleep;
            try
            {
                Forget();
                sleep = await StartDueAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            // Whatever it is: it is said, and the next round tries again.
            catch (Exception e)
            {
                var known = Failures.Translate(e);
                LogPostponed(known.Message, known.Hint);
            }
            await SleepAsync(sleep, stoppingToken);
        }
        // What is under way has a limit of its own: it is brought to its end, and written down.
        await Task.WhenAll(_running.Keys);
    }

    /// <returns>How long there is nothing to do.</returns>
    private async Task<TimeSpan> StartDueAsync(CancellationToken cancellationToken)
    {
        var free = AtOnce - _running.Count;
        if (free == 0)
            return LongestSleep;
        var taken = await _queue.TakeAsync(_host, free, OfOne, _running.Values, cancellationToken);
        foreach (var delivery in taken)
        {
            if (delivery.IsTakenOver)
                LogTakenOver(delivery.Id);
            _running.Add(Task.Run(() => SendAsync(delivery), CancellationToken.None), delivery.Webhook);
        }
        if (taken.Count > 0)
            return ShortestSleep;
        // What is due and was not taken waits for another of its webhook, whose end rings.
        var next = await _queue.NextAsync(cancellationToken) ?? LongestSleep;
        return next <= TimeSpan.Zero && _running.Count > 0 ? LongestSleep : next < ShortestSleep ? ShortestSleep : next < LongestSleep ? next : LongestSleep;
    }

    private async Task SendAsync(ClaimedDelivery delivery)
    {
        try
        {
            var attempt = await _request.SendAsync(delivery, CancellationToken.None);
            if (await _queue.EndAsync(delivery, attempt, CancellationToken.None) is { } reason)
                LogSwitchedOff(delivery.Webhook, reason);
            else if (!attempt.IsDelivered)
                LogFailed(delivery.Id, delivery.Webhook, delivery.Attempt, attempt.Error!);
        }
        // Whatever it is: it is said, and the delivery is taken again when its claim ends.
        catch (Exception e)
        {
            LogUnsaid(delivery.Id, Failures.Translate(e).Message);
        }
        finally
        {
            Ring();
        }
    }

    private void Forget()
    {
        foreach (var done in _running.Keys.Where(t => t.IsCompleted).ToList())
            _running.Remove(done);
    }

    private void Ring()
    {
        if (_bell.CurrentCount == 0)
            _bell.Release();
    }

    private async Task SleepAsync(TimeSpan sleep, CancellationToken cancellationToken)
    {
        using var rung = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var bell = _bell.WaitAsync(rung.Token);
        await Task.WhenAny(bell, Task.Delay(sleep, _time, rung.Token));
        await rung.CancelAsync();
        await bell.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1801, LogLevel.Warning, "Webhooks cannot be looked after: {Reason} (hint: {Hint})")]
    private partial void LogPostponed(string reason, string? hint);

    [LoggerMessage(1802, LogLevel.Information, "Delivery {Delivery} of webhook {Webhook} failed, attempt {Attempt}: {Reason}")]
    private partial void LogFailed(long delivery, Guid webhook, int attempt, string reason);

    [LoggerMessage(1803, LogLevel.Warning, "Webhook {Webhook} is switched off: {Reason}")]
    private partial void LogSwitchedOff(Guid webhook, string reason);

    [LoggerMessage(1804, LogLevel.Warning, "How delivery {Delivery} went could not be written down, so it is sent again: {Reason}")]
    private partial void LogUnsaid(long delivery, string reason);

    [LoggerMessage(1805, LogLevel.Warning, "Delivery {Delivery} had lost its host and is taken over")]
    private partial void LogTakenOver(long delivery);
}
