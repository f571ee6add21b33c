using Npgsql;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>Says every second that a job is alive and how far it has got, and hears whether somebody wants it called off.</summary>
internal sealed partial class JobHeartbeat : IAsyncDisposable
{
    private readonly JobClaim _claim;
    private readonly JobMeter _meter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _work = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _beating;

    public JobHeartbeat(JobClaim claim, JobMeter meter, TimeProvider time, ILogger logger)
    {
        _claim = claim;
        _meter = meter;
        _time = time;
        _logger = logger;
        _beating = Task.Run(BeatAsync);
    }

    /// <summary>Cancelled when the work is to end.</summary>
    public CancellationToken Token => _work.Token;

    /// <summary>Another host has taken the job over.</summary>
    public bool IsLost { get; private set; }

    public string? CancelledBy { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
        _work.Dispose();
    }

    private async Task BeatAsync()
    {
        var last = _time.GetTimestamp();
        try
        {
            while (!_work.IsCancellationRequested)
            {
                await Task.Delay(JobPatience.News, _time, _end.Token);
                var news = _meter.Take();
                if (news is null && _time.GetElapsedTime(last) < JobPatience.Beat)
                    continue;
                last = _time.GetTimestamp();
                await BeatAsync(news);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    private async Task BeatAsync((JobProgress? Progress, IReadOnlyList<Guid> Runs)? news)
    {
        try
        {
            var (isHeld, cancelBy) = await _claim.BeatAsync(news, _end.Token);
            IsLost = !isHeld;
            CancelledBy = cancelBy;
            if (IsLost || cancelBy is not null)
                await _work.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // Central is away: the work notices by itself, and goes on if it comes back in time.
            LogMissed(_logger, _claim.Job.Id, e.Message);
        }
    }

    [LoggerMessage(120, LogLevel.Debug, "No heartbeat of job {Id}: {Reason}")]
    private static partial void LogMissed(ILogger logger, long id, string reason);
}
