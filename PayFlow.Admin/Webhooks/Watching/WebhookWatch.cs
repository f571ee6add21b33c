using Npgsql;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Webhooks.Watching;

/// <summary>Finds what no transaction tells of by itself: changed rows, silence, long queues. Every host does it, one at a time, and only while a webhook wants to know.</summary>
internal sealed partial class WebhookWatch(NpgsqlDataSource central, TerminalEpisodes episodes, WebhookSettings settings, LiveFeed feed, TimeProvider time, ILogger<WebhookWatch> logger) : BackgroundService
{
    /// <summary>Takes the watch, or the right to change what it watches for; ends with the transaction.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(1346786115, 3)";

    private const string TryLock = "SELECT pg_try_advisory_xact_lock(1346786115, 3)";

    private const string Wanted = "SELECT DISTINCT unnest(events) FROM console.webhooks WHERE enabled";

    private const string IsReading = "SELECT EXISTS (SELECT FROM console.webhook_cursor)";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromMinutes(10);

    /// <summary>A notification may be lost with its connection.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMinutes(1);

    private HashSet<string> _wanted = [];
    private DateTimeOffset _asked;
    private DateTimeOffset _looked;
    private DateTimeOffset _pruned;
    private volatile bool _isStale = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Subscribe(LiveTopic.Webhooks, _ => _isStale = true);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // Whatever it is: it is said, and the next look tries again.
            catch (Exception e)
            {
                var known = Failures.Translate(e);
                LogPostponed(known.Message, known.Hint);
            }
            await Task.Delay(settings.Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_isStale || now - _asked >= BetweenQuestions)
        {
            (_isStale, _asked) = (false, now);
            _wanted = await AskAsync(cancellationToken);
        }
        if (_wanted.Contains(WebhookEvent.RowsChanged))
        {
            var nameOf = await NamesAsync(cancellationToken);
            while (await WatchAsync(connection => ChangedRows.TellAsync(connection, nameOf, now, cancellationToken), cancellationToken))
            {
            }
        }
        if ((_wanted.Contains(WebhookEvent.Silent) || _wanted.Contains(WebhookEvent.QueueOver)) && now - _looked >= BetweenLooks)
        {
            _looked = now;
            var look = await episodes.LookAsync(cancellationToken);
            await WatchAsync(async connection =>
            {
                await episodes.TellAsync(connection, look, cancellationToken);
                return false;
            }, cancellationToken);
        }
        if (now - _pruned >= BetweenPrunings)
        {
            _pruned = now;
            await DeliveryPruning.ExecuteAsync(central, settings.Days, DeliveryPruning.Rows, cancellationToken);
        }
    }

    private async Task<HashSet<string>> AskAsync(CancellationToken cancellationToken)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever makes a webhook holds it too: its wish is seen here, or its place in the log is made behind this.
        await using (var alone = new NpgsqlCommand(Lock, connection))
            await alone.ExecuteNonQueryAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(Wanted, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                wanted.Add(reader.GetString(0));
        }
        await using (var reading = new NpgsqlCommand(IsReading, connection))
        {
            if (!wanted.Contains(WebhookEvent.RowsChanged) && await reading.ExecuteScalarAsync(cancellationToken) is true)
                await ChangedRows.EndAsync(connection, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return wanted;
    }

    private async Task<bool> WatchAsync(Func<NpgsqlConnection, Task<bool>> work, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var alone = new NpgsqlCommand(TryLock, connection))
        {
            if (await alone.ExecuteScalarAsync(cancellationToken) is not true)
                return false;
        }
        var isMore = await work(connection);
        await transaction.CommitAsync(cancellationToken);
        return isMore;
    }

    // Payloads name tables as the map does; what it does not have is named as central has it.
    private async Task<Func<string, string, string>> NamesAsync(CancellationToken cancellationToken)
    {
        var map = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map;
        return (schema, table) => map.Tables.FirstOrDefault(e => IsOf(e, schema, table))?.Name ?? (schema == "public" ? table : $"{schema}.{table}");
    }

    private static bool IsOf(TableMapEntry entry, string schema, string table)
    {
        var name = entry.CentralName ?? entry.Name;
        return name.Equals($"{schema}.{table}", StringComparison.OrdinalIgnoreCase) || name.Equals(table, StringComparison.OrdinalIgnoreCase);
    }

    [LoggerMessage(1811, LogLevel.Warning, "Events for webhooks cannot be looked for: {Reason} (hint: {Hint})")]
    private partial void LogPostponed(string reason, string? hint);
}
