using Npgsql;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs;

/// <summary>Syncs every attached till whenever the schedule says so, one after the other. What goes wrong with one till is logged and holds up no other.</summary>
internal sealed partial class ScheduledSync(NpgsqlDataSource central, SyncSettings settings, TimeProvider time, ILogger<ScheduledSync> logger) : BackgroundService
{
    // Kept between runs, so that a run with nothing to do costs next to nothing.
    private readonly Dictionary<string, (string Path, TerminalSync Sync)> _syncs = new(StringComparer.Ordinal);

    /// <summary>Syncs all attached tills once.</summary>
    public async Task SyncAllAsync(CancellationToken cancellationToken)
    {
        foreach (var terminal in await new TerminalRegistry(central).ListAsync(cancellationToken))
        {
            if (terminal is { State: TerminalState.Active, FilePath: { } path })
                await SyncAsync(terminal.Id, path, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (settings.Schedule?.Next(time.GetUtcNow()) is { } next)
            {
                await WaitAsync(next, stoppingToken);
                await TickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped();
        }
        finally
        {
            foreach (var (_, sync) in _syncs.Values)
                await sync.DisposeAsync();
        }
    }

    // In steps of an hour at most: a timer takes no month, and a clock that is set is noticed.
    private async Task WaitAsync(DateTimeOffset next, CancellationToken cancellationToken)
    {
        while (next - time.GetUtcNow() is { Ticks: > 0 } left)
            await Task.Delay(left > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : left, time, cancellationToken);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SyncAllAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SyncException)
        {
            // The list of tills could not be read: central is down. The next tick finds it back.
            var known = Failures.Translate(e);
            LogNoTerminals(known.Message, known.Hint);
        }
    }

    private async Task SyncAsync(string terminal, string path, CancellationToken cancellationToken)
    {
        try
        {
            var report = await Of(terminal, path).RunAsync(new SyncRequest { SyncType = "schedule" }, null, cancellationToken);
            // A run with nothing to do is no news.
            LogSynced(report.Moved + report.Settled > 0 ? LogLevel.Information : LogLevel.Debug, terminal, report.Moved, report.Conflicts, report.Settled, report.FailedRows, report.WaitingForBootstrap, report.CompletedAt - report.StartedAt);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One till's trouble: a file that is gone, a copy that was refused. The others go on, and this one is opened anew next time.
            var known = Failures.Translate(e);
            LogFailed(terminal, known.Message, known.Hint);
            if (_syncs.Remove(terminal, out var broken))
                await broken.Sync.DisposeAsync();
        }
    }

    private TerminalSync Of(string terminal, string path)
    {
        if (_syncs.TryGetValue(terminal, out var known) && known.Path == path)
            return known.Sync;
        var sync = new TerminalSync(path, new PostgresCentral(central, settings.Options.Journal), settings.Options, time);
        _syncs[terminal] = (path, sync);
        return sync;
    }

    [LoggerMessage(EventId = 100, Message = "{Terminal}: {Moved} rows moved, {Conflicts} conflicts open, {Settled} settled by policy, {Failed} failed, {Waiting} waiting for bootstrap, in {Time}")]
    private partial void LogSynced(LogLevel level, string terminal, long moved, long conflicts, long settled, long failed, long waiting, TimeSpan time);

    [LoggerMessage(101, LogLevel.Error, "{Terminal}: {Reason} (hint: {Hint})")]
    private partial void LogFailed(string terminal, string reason, string? hint);

    [LoggerMessage(102, LogLevel.Error, "No till could be synced: {Reason} (hint: {Hint})")]
    private partial void LogNoTerminals(string reason, string? hint);

    [LoggerMessage(103, LogLevel.Information, "The syncs by schedule have stopped")]
    private partial void LogStopped();
}
