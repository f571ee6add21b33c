using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>
/// The deliveries that are due, shared by all hosts: each is claimed by one. A claim ends when it says so or when its time is over; then the next host takes it, so that it is sent at least once.
/// </summary>
internal sealed class DeliveryQueue(NpgsqlDataSource central, WebhookSettings settings)
{
    /// <summary>The actor of what the host does by itself.</summary>
    public const string Actor = "payflow";

    /// <summary>Behind so many failures in a row one request at a time is enough to find out whether the receiver is back.</summary>
    private const int Failing = 5;

    private static readonly string Take = $"""
        WITH due AS MATERIALIZED (
          SELECT q.id, q.state FROM console.webhooks h
          CROSS JOIN LATERAL (SELECT count(*) AS running FROM unnest($6) u WHERE u = h.id) r
          CROSS JOIN LATERAL (
            SELECT d.id, d.state, d.due_at FROM console.webhook_deliveries d
            WHERE d.webhook_id = h.id AND d.finished_at IS NULL AND d.due_at <= now() AND (h.enabled OR d.origin = 'test')
            ORDER BY d.due_at LIMIT greatest(0, CASE WHEN h.failures >= {Failing} THEN 1 ELSE $5 END - r.running)
            FOR UPDATE SKIP LOCKED) q
          ORDER BY r.running, q.due_at LIMIT $4),
        lost AS (
          INSERT INTO console.webhook_attempts (delivery_id, attempt, at, host, duration_ms, request_headers, error, hint)
          SELECT d.id, d.attempt, d.due_at, d.host, 0, jsonb_build_object(), 'The host ended during the attempt.', 'Whether it arrived is not known; it is sent again, with the same id.'
          FROM console.webhook_deliveries d JOIN due ON due.id = d.id WHERE due.state = 'RUNNING'
          ON CONFLICT DO NOTHING)
        UPDATE console.webhook_deliveries d SET state = 'RUNNING', claim = $1, due_at = now() + $2, attempt = d.attempt + 1, host = $3
        FROM due, console.webhooks w WHERE d.id = due.id AND w.id = d.webhook_id
        RETURNING d.id, d.webhook_id, d.event_id, d.body, d.attempt, d.origin = 'test', w.url, w.secret, CASE WHEN w.old_secret_until > now() THEN w.old_secret END, due.state = 'RUNNING'
        """;

    private const string Next = """
        SELECT min(q.due_at) - now() FROM console.webhooks h CROSS JOIN LATERAL (
          SELECT d.due_at FROM console.webhook_deliveries d WHERE d.webhook_id = h.id AND d.finished_at IS NULL AND (h.enabled OR d.origin = 'test') ORDER BY d.due_at LIMIT 1) q
        """;

    // First, as whoever deletes it does: two that wait for each other would both lose.
    private const string Lock = "SELECT FROM console.webhooks WHERE id = $1 FOR NO KEY UPDATE";

    private const string End = """
        WITH ended AS (
          UPDATE console.webhook_deliveries SET state = $3, finished_at = CASE WHEN $4::interval IS NULL THEN now() END, due_at = coalesce(now() + $4, due_at), claim = NULL,
            status = $5, duration_ms = $6, error = $7, hint = $8
          WHERE id = $1 AND claim = $2 RETURNING id, webhook_id, attempt, origin, host, created_at),
        logged AS (
          INSERT INTO console.webhook_attempts (delivery_id, attempt, at, host, duration_ms, request_headers, status, response_headers, response_body, is_cut, error, hint)
          SELECT id, attempt, $9, host, $6, $10, $5, $11, $12, $13, $7, $8 FROM ended)
        UPDATE console.webhooks w SET failures = CASE WHEN $7 IS NULL THEN 0 ELSE w.failures + 1 END, failing_since = CASE WHEN $7 IS NOT NULL THEN coalesce(w.failing_since, now()) END,
          delivered_at = CASE WHEN $7 IS NULL THEN now() ELSE w.delivered_at END
        FROM ended e WHERE w.id = e.webhook_id AND e.origin <> 'test'
        RETURNING w.enabled AND $3 = 'FAILED' AND ($14 OR w.delivered_at IS NULL OR w.delivered_at < e.created_at), w.name, w.failures, w.failing_since
        """;

    private const string SwitchOff = """
        UPDATE console.webhooks SET enabled = false, disabled_at = now(), disabled_by = NULL, disabled_reason = $2, version = version + 1 WHERE id = $1
        """;

    /// <summary>Takes what is due.</summary>
    /// <param name="host">Who takes it.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="each">At most so many of one webhook.</param>
    /// <param name="running">The webhook of each that this host is sending: those with the fewest come first, so that slow receivers do not take all the places.</param>
    /// <param name="cancellationToken">Ends it before anything is taken.</param>
    public async Task<List<ClaimedDelivery>> TakeAsync(string host, int limit, int each, IReadOnlyCollection<Guid> running, CancellationToken cancellationToken)
    {
        var claim = Guid.NewGuid();
        await using var command = central.CreateCommand(Take);
        command.Parameters.Add(new() { Value = claim });
        command.Parameters.Add(new() { Value = settings.Timeout + settings.Patience });
        command.Parameters.Add(new() { Value = host });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = each });
        command.Parameters.Add(new() { Value = running.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new List<ClaimedDelivery>();
        while (await reader.ReadAsync(cancellationToken))
        {
            string[] secrets = reader.IsDBNull(8) ? [reader.GetString(7)] : [reader.GetString(7), reader.GetString(8)];
            taken.Add(new(reader.GetInt64(0), reader.GetGuid(1), claim, reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetBoolean(5), reader.GetString(6), secrets, reader.GetBoolean(9)));
        }
        return taken;
    }

    /// <summary>How long until the next one is due, which may be over; null when none waits.</summary>
    public async Task<TimeSpan?> NextAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Next);
        return await command.ExecuteScalarAsync(cancellationToken) is TimeSpan next ? next : null;
    }

    /// <summary>Writes down how it went. Who gives a delivery up, with nothing delivered since it was made, switches its webhook off.</summary>
    /// <returns>Why the webhook was switched off; null when it was not.</returns>
    public async Task<string?> EndAsync(ClaimedDelivery delivery, DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        TimeSpan? pause = attempt.IsDelivered || delivery.IsTest || attempt.IsGone ? null : settings.Schedule.After(delivery.Attempt, Random.Shared.NextDouble(), attempt.RetryAfter);
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var first = new NpgsqlCommand(Lock, connection) { Parameters = { new() { Value = delivery.Webhook } } })
            await first.ExecuteNonQueryAsync(cancellationToken);
        var (isToStop, name, failures) = await EndAsync(connection, delivery, attempt, pause, cancellationToken);
        var reason = !isToStop ? null
            : attempt.IsGone ? "The receiver answered 410 Gone: it wants no more."
            : $"A delivery was given up after {delivery.Attempt} attempts, and nothing has been delivered since its first one. The last reason: {attempt.Error}";
        if (reason is not null)
        {
            await using (var off = new NpgsqlCommand(SwitchOff, connection) { Parameters = { new() { Value = delivery.Webhook }, new() { Value = reason } } })
                await off.ExecuteNonQueryAsync(cancellationToken);
            var detail = AuditLog.Detail(new { reason, name, before = new { enabled = true }, after = new { enabled = false }, failures, delivery = delivery.Id });
            await AuditLog.WriteAsync(connection, new AuditRow { Actor = Actor, Action = "webhook.switch-off", Key = delivery.Webhook.ToString(), Detail = detail }, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return reason;
    }

    private static async Task<(bool IsToStop, string? Name, int Failures)> EndAsync(NpgsqlConnection connection, ClaimedDelivery delivery, DeliveryAttempt attempt, TimeSpan? pause, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(End, connection);
        void Add(object? value, NpgsqlDbType type) => command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        Add(delivery.Id, NpgsqlDbType.Bigint);
        Add(delivery.Claim, NpgsqlDbType.Uuid);
        Add(attempt.IsDelivered ? "SUCCEEDED" : pause is null ? "FAILED" : "RETRYING", NpgsqlDbType.Text);
        Add(pause, NpgsqlDbType.Interval);
        Add(attempt.Status, NpgsqlDbType.Integer);
        Add((long)attempt.Duration.TotalMilliseconds, NpgsqlDbType.Bigint);
        Add(attempt.Error, NpgsqlDbType.Text);
        Add(attempt.Hint, NpgsqlDbType.Text);
        Add(attempt.At.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        Add(JsonSerializer.Serialize(attempt.RequestHeaders), NpgsqlDbType.Jsonb);
        Add(attempt.ResponseHeaders is null ? null : JsonSerializer.Serialize(attempt.ResponseHeaders), NpgsqlDbType.Jsonb);
        Add(attempt.ResponseBody, NpgsqlDbType.Text);
        Add(attempt.IsCut, NpgsqlDbType.Boolean);
        Add(attempt.IsGone, NpgsqlDbType.Boolean);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetBoolean(0), reader.GetString(1), reader.GetInt32(2)) : default;
    }
}
