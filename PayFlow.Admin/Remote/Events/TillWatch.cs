using Npgsql;
using PayFlow.Admin.Live;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Log;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote.Events;

/// <summary>
/// Looks once a second, as long as somebody listens, what has come into the change log, and tells the tills to which it is news. One look for all of them: a notification from central's triggers
/// would take PostgreSQL's one lock for notifications in each transaction that changes a row (docs/protocol.md).
/// </summary>
internal sealed partial class TillWatch(ListeningTills tills, RemoteRuns runs, LiveFeed feed, NpgsqlDataSource central, TimeProvider time, ILogger<TillWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Looks overlap by more than a transaction that decides or revokes may last: what it wrote bears the time of its beginning.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private LogPosition? _place;
    private DateTimeOffset _lookedAt;
    private readonly TaskCompletionSource _watching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heard;

    /// <summary>Waits until nothing that becomes readable from now on is missed: the first look has been taken, and each one goes on where the last ended.</summary>
    public Task WatchingAsync(TimeSpan patience, CancellationToken cancellationToken) => _watching.Task.WaitAsync(patience, time, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Subscribe(LiveTopic.Map | LiveTopic.Conflicts, Hear);
        try
        {
            await Task.WhenAll(tills.DispatchAsync(stoppingToken), WatchAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await tills.WaitForOneAsync(cancellationToken);
            await TryLookAsync(cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        var heard = (LiveTopic)Interlocked.Exchange(ref _heard, 0);
        try
        {
            await LookAsync(heard, cancellationToken);
            _watching.TrySetResult();
        }
        // What was heard and the place stay: what is missed now is found by the next look.
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            Interlocked.Or(ref _heard, (int)heard);
            LogFailed(logger, e.Message);
        }
    }

    private async Task LookAsync(LiveTopic heard, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var news = await ChangeTip.ReadAsync(connection, _place, cancellationToken);
        var lately = (_place is null ? TimeSpan.Zero : now - _lookedAt) + Overlap;
        var revoked = await DeviceDesk.RevokedAsync(connection, lately, cancellationToken);
        var deciders = heard.HasFlag(LiveTopic.Conflicts) ? await WaitingDecisions.FindAsync(connection, lately, cancellationToken) : [];
        var isFirst = _place is null;
        (_place, _lookedAt) = (news.Tip, now);
        // Whoever waits for the first look fetches what there is unasked.
        if (!isFirst)
            Tell(news, heard.HasFlag(LiveTopic.Map), revoked, deciders);
    }

    private void Tell(ChangeNews news, bool isMapChanged, IReadOnlySet<Guid> revoked, IReadOnlyList<string> deciders)
    {
        foreach (var stream in tills.All)
        {
            var terminal = stream.Device.Terminal;
            if (revoked.Contains(stream.Device.Id))
            {
                stream.End();
                continue;
            }
            var signal = isMapChanged || news.IsMuch || news.Changes.Count > 0 && IsNews(news, terminal) ? HostSignal.Changed : HostSignal.None;
            if (deciders.Contains(terminal, StringComparer.Ordinal))
                signal |= HostSignal.Decision;
            if (signal != HostSignal.None)
                tills.Tell(stream, signal);
        }
    }

    private bool IsNews(ChangeNews news, string terminal)
    {
        var plan = runs.FindPlan(terminal);
        return news.Changes.Any(c => c.IsNewsTo(terminal, plan));
    }

    private void Hear(LiveTopic topic) => Interlocked.Or(ref _heard, (int)(topic & (LiveTopic.Map | LiveTopic.Conflicts)));

    [LoggerMessage(1711, LogLevel.Warning, "Tills are not told of changes, central does not answer: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
