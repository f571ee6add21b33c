using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Webhooks.Watching;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Webhooks;

/// <summary>What people do with webhooks. A change counts on all hosts when it is made, and is written to the audit in the same transaction.</summary>
internal sealed class WebhookDesk(NpgsqlDataSource central, WebhookSecrets secrets, WebhookSettings settings)
{
    /// <summary>How long the secret before counts as well, so that the receiver can be given the new one meanwhile.</summary>
    public static readonly TimeSpan OldSecretLife = TimeSpan.FromHours(24);

    private const string One = $"SELECT {WebhookRows.Columns} FROM console.webhooks w WHERE w.id = $1";

    private const string Insert = $"""
        INSERT INTO console.webhooks AS w (name, url, events, terminals, tables, secret, created_by, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING {WebhookRows.Columns}
        """;

    private const string Update = $"""
        UPDATE console.webhooks w SET name = $1, url = $2, events = $3, terminals = $4, tables = $5, updated_by = $6, updated_at = now(), version = w.version + 1 WHERE w.id = $7 RETURNING {WebhookRows.Columns}
        """;

    // Switched on, it begins anew: what failed before says nothing any more.
    private const string Switch = $"""
        UPDATE console.webhooks w SET enabled = $2, failures = 0, failing_since = NULL, disabled_at = CASE WHEN NOT $2 THEN now() END, disabled_by = CASE WHEN NOT $2 THEN $3 END,
          disabled_reason = CASE WHEN NOT $2 THEN $4 END, version = w.version + 1
        WHERE w.id = $1 RETURNING {WebhookRows.Columns}
        """;

    // One secret before at most: who makes two new ones in a day means to end the first.
    private const string Rotate = $"""
        UPDATE console.webhooks w SET old_secret = w.secret, old_secret_until = now() + $3, secret = $2, version = w.version + 1 WHERE w.id = $1 RETURNING {WebhookRows.Columns}
        """;

    // Its log first, which may be long: runs that end have to wait only for the row itself.
    private static readonly string[] Deletions = ["DELETE FROM console.webhook_deliveries WHERE webhook_id = $1", "DELETE FROM console.webhooks WHERE id = $1"];

    private const string Test = """
        INSERT INTO console.webhook_deliveries (webhook_id, event_id, type, body, origin, created_by)
        SELECT $1, e.id, $2, json_build_object('type', $2::text, 'version', 1, 'id', e.id, 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'central', (SELECT c.id FROM payflow.central c), 'terminal', NULL, 'table', NULL, 'data', json_build_object('message', 'This is a test.', 'by', $3::text))::text, 'test', $3
        FROM (SELECT 'evt_' || replace(gen_random_uuid()::text, '-', '') AS id) e
        RETURNING id
        """;

    private const string Hurry = "UPDATE console.webhook_deliveries SET due_at = now() WHERE id = $1 AND webhook_id = $2 AND state IN ('WAITING', 'RETRYING') RETURNING id";

    private const string Again = """
        INSERT INTO console.webhook_deliveries (webhook_id, event_id, type, terminal_id, table_name, body, origin, created_by)
        SELECT webhook_id, event_id, type, terminal_id, table_name, body, CASE WHEN type = $4 THEN 'test' ELSE 'again' END, $3 FROM console.webhook_deliveries WHERE id = $1 AND webhook_id = $2 AND finished_at IS NOT NULL
        RETURNING id
        """;

    /// <summary>The webhook of that id; null when it is gone.</summary>
    public async Task<WebhookRecord?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var command = central.CreateCommand(One);
        command.Parameters.Add(new() { Value = id });
        return (await WebhookRows.ReadAllAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>What is wrong with a draft; nothing when it can be saved, unless another one has its name.</summary>
    public IReadOnlyList<WebhookError> Check(WebhookDraft draft) => WebhookCheck.Check(draft, settings);

    /// <summary>The terminals and tables that a draft can name.</summary>
    public async Task<ScheduleChoices> ChoicesAsync(CancellationToken cancellationToken = default) => new(
        [.. (await new TerminalRegistry(central).ListAsync(cancellationToken)).Select(t => t.Id)],
        [.. (await new TableMapStore(central).LoadAsync(cancellationToken)).Map.Tables.Select(t => t.Name)]);

    /// <returns>The webhook, and its secret, which cannot be read again.</returns>
    /// <exception cref="SyncException">The draft is wrong; the message says where.</exception>
    public async Task<(WebhookRecord Webhook, string Secret)> CreateAsync(WebhookDraft draft, string actor, CancellationToken cancellationToken = default)
    {
        RequireGood(draft);
        var secret = WebhookSecret.Create();
        var made = await ChangeAsync(null, null, "webhook.create", actor, null, (connection, _) => WriteAsync(connection, Insert, draft, cancellationToken, secrets.Protect(secret), actor), cancellationToken);
        return (made!, secret);
    }

    /// <param name="id">Which.</param>
    /// <param name="version">The version that was looked at: the change is refused when somebody has changed it since.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SyncException">The draft is wrong, or somebody else was faster.</exception>
    public async Task<WebhookRecord> UpdateAsync(Guid id, int version, WebhookDraft draft, string actor, CancellationToken cancellationToken = default)
    {
        RequireGood(draft);
        return (await ChangeAsync(id, version, "webhook.edit", actor, null, (connection, _) => WriteAsync(connection, Update, draft, cancellationToken, actor, id), cancellationToken))!;
    }

    /// <summary>Off: nothing new is kept for it, and what waits rests. On: what waits is sent.</summary>
    /// <exception cref="SyncException">It is so already, or gone; or it is to be off and no reason was given.</exception>
    public async Task<WebhookRecord> SwitchAsync(Guid id, bool isOn, string? reason, string actor, CancellationToken cancellationToken = default)
    {
        if (!isOn && string.IsNullOrWhiteSpace(reason))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "It was not said why the webhook is switched off", "Give a reason: whoever misses its events wants to know.");
        return (await ChangeAsync(id, null, isOn ? "webhook.on" : "webhook.off", actor, reason, (connection, before) => before.IsEnabled == isOn
            ? throw new SyncException(SyncErrorCode.Moved, $"Webhook {before.Name} is {(isOn ? "on" : "off")} already", "Look at it again.")
            : OneAsync(connection, Switch, cancellationToken, id, isOn, actor, (object?)reason?.Trim() ?? DBNull.Value), cancellationToken))!;
    }

    /// <summary>Makes a new secret; the one before counts for <see cref="OldSecretLife"/> more.</summary>
    /// <returns>The new one, which cannot be read again.</returns>
    /// <exception cref="SyncException">It is gone.</exception>
    public async Task<string> RotateAsync(Guid id, string? reason, string actor, CancellationToken cancellationToken = default)
    {
        var secret = WebhookSecret.Create();
        await ChangeAsync(id, null, "webhook.rotate-secret", actor, reason, (connection, _) => OneAsync(connection, Rotate, cancellationToken, id, secrets.Protect(secret), OldSecretLife), cancellationToken);
        return secret;
    }

    /// <summary>Its deliveries go with it, sent or not.</summary>
    /// <exception cref="SyncException">It is gone already.</exception>
    public Task DeleteAsync(Guid id, string? reason, string actor, CancellationToken cancellationToken = default) =>
        ChangeAsync(id, null, "webhook.delete", actor, reason, async (connection, _) =>
        {
            foreach (var sql in Deletions)
            {
                await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } } };
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            return null;
        }, cancellationToken);

    /// <summary>Sends a test, once, also while it is off.</summary>
    /// <returns>The delivery's number.</returns>
    /// <exception cref="SyncException">It is gone.</exception>
    public async Task<long> TestAsync(Guid id, string actor, CancellationToken cancellationToken = default)
    {
        long? made = null;
        await ChangeAsync(id, null, "webhook.test", actor, null, async (connection, before) =>
        {
            made = await NumberAsync(connection, Test, cancellationToken, id, WebhookEvent.Test, actor);
            return before;
        }, cancellationToken);
        return made!.Value;
    }

    /// <summary>Sends a delivery again: one that waits at once, one that has ended as another one with the same event id, so that the receiver knows it.</summary>
    /// <returns>The number of the delivery that is sent.</returns>
    /// <exception cref="SyncException">The delivery is under way, or gone.</exception>
    public async Task<long> RedeliverAsync(Guid id, long delivery, string actor, CancellationToken cancellationToken = default)
    {
        long? made = null;
        await ChangeAsync(id, null, "webhook.redeliver", actor, null, async (connection, before) =>
        {
            made = await NumberAsync(connection, Hurry, cancellationToken, delivery, id) ?? await NumberAsync(connection, Again, cancellationToken, delivery, id, actor, WebhookEvent.Test)
                ?? throw new SyncException(SyncErrorCode.Moved, $"Delivery {delivery} is being sent at the moment, or was pruned", "Look at it again.");
            return before;
        }, cancellationToken, new { delivery });
        return made!.Value;
    }

    private async Task<WebhookRecord?> ChangeAsync(
        Guid? id, int? version, string action, string actor, string? reason, Func<NpgsqlConnection, WebhookRecord, Task<WebhookRecord?>> change, CancellationToken cancellationToken, object? more = null)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Before the row: the watch, which holds this, may want to name the row in what it makes.
        await using (var alone = new NpgsqlCommand(WebhookWatch.Lock, connection))
            await alone.ExecuteNonQueryAsync(cancellationToken);
        var before = id is null ? null : await OneAsync(connection, One + " FOR NO KEY UPDATE", cancellationToken, id.Value)
            ?? throw new SyncException(SyncErrorCode.Moved, "The webhook was deleted meanwhile", "Look at the list again.");
        if (before is not null && version is not null && before.Version != version)
            throw new SyncException(SyncErrorCode.Moved, $"Webhook {before.Name} was changed by {before.UpdatedBy} meanwhile, and nothing was saved", "Look at it as it is now, and make your change again.");
        var after = await TranslateAsync(() => change(connection, before!));
        await ChangedRows.BeginAsync(connection, cancellationToken);
        await AuditLog.WriteAsync(connection, WebhookAudit.Of(action, actor, reason, before, after, more), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    private static async Task<WebhookRecord?> TranslateAsync(Func<Task<WebhookRecord?>> change)
    {
        try
        {
            return await change();
        }
        catch (PostgresException e) when (e.ConstraintName == "webhooks_name")
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "Another webhook has this name", "Choose another one.", e);
        }
    }

    private static async Task<WebhookRecord?> WriteAsync(NpgsqlConnection connection, string sql, WebhookDraft draft, CancellationToken cancellationToken, params object[] more)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        WebhookRows.Add(command, draft);
        foreach (var value in more)
            command.Parameters.Add(new() { Value = value });
        return (await WebhookRows.ReadAllAsync(command, cancellationToken)).Single();
    }

    private static async Task<WebhookRecord?> OneAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return (await WebhookRows.ReadAllAsync(command, cancellationToken)).SingleOrDefault();
    }

    private static async Task<long?> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) is long number ? number : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value is DBNull ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = value });
        return command;
    }

    private void RequireGood(WebhookDraft draft)
    {
        var errors = Check(draft);
        if (errors.Count > 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, string.Join(' ', errors.Select(e => $"{e.Field}: {e.Message}")), "Correct it and save again.");
    }
}
