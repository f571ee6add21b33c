using Npgsql;

namespace PayFlow.Admin.Security;

/// <summary>Looks now and then whether another host has replaced a shared secret. Until then this one would still take tokens that were meant to end.</summary>
internal sealed partial class SecretRefresh(SharedSecrets secrets, SecuritySettings settings, TimeProvider time, ILogger<SecretRefresh> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.SessionCheck, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await secrets.LoadAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                LogAway(e.Message);
            }
        }
    }

    [LoggerMessage(1410, LogLevel.Debug, "The shared secrets were not looked at, because central does not answer: {Reason}")]
    private partial void LogAway(string reason);
}
