using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Remote;

/// <summary>Looks once a minute for remote terminals that have fallen silent.</summary>
internal sealed partial class RemoteSweep(RemoteRuns runs, TimeProvider time, ILogger<RemoteSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await runs.SweepAsync(stoppingToken);
                }
                catch (SyncException e)
                {
                    // Central is away: the next look finds the same.
                    LogFailed(logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(1701, LogLevel.Warning, "Silent terminals could not be looked for: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
