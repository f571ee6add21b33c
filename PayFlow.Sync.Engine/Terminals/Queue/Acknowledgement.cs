using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>
/// Closes the entries of a batch by central's answer, in one transaction with what the answer says of the rows. An entry that the POS program changed
/// while its batch was on the way stays open, and what central acknowledged becomes its before-image.
/// </summary>
internal sealed class Acknowledgement(SqliteDatabase database, IReadOnlyDictionary<string, QueueTable> queues, IReadOnlyDictionary<string, RowApplier> appliers, RetryDelay retry, TimeProvider time)
{
    /// <summary>An instant that has passed by every clock.</summary>
    public const string AtOnce = "1970-01-01T00:00:00.000Z";

    // What the POS program changed on the way has what was sent in payload.
    private const string Close = "DELETE FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3 AND payload IS NULL";

    private const string Settle = """
        UPDATE sync_queue SET status = ?4, attempts = ?5, last_error = ?6, next_attempt_at = ?7, batch_id = NULL, payload = NULL, updated_at = ?8
        WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3 AND payload IS NULL
        """;

    private const string Dispute = $"""
        UPDATE sync_queue SET status = 'CONFLICT', attempts = 0, base = coalesce(?4, base), last_error = ?5, next_attempt_at = CASE WHEN payload IS NULL THEN NULL ELSE '{AtOnce}' END,
          batch_id = NULL, payload = NULL, updated_at = ?6
        WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3
        """;

    private const string Reopen = "UPDATE sync_queue SET base = ?4, action = ?5, status = 'PENDING', next_attempt_at = NULL, last_error = NULL, batch_id = NULL, payload = NULL WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3";
    private const string Release = "UPDATE sync_queue SET batch_id = NULL, payload = NULL WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3";

    /// <summary>Marks an entry as on its way; in the same transaction in which its row is read. One with an open conflict stays one.</summary>
    public static void Claim(SqliteDatabase database, string table, string key, Guid batch) =>
        database.Prepare("UPDATE sync_queue SET status = CASE status WHEN 'CONFLICT' THEN 'CONFLICT' ELSE 'SYNCING' END, batch_id = ?3, payload = NULL WHERE entity_type = ?1 AND entity_id = ?2").Bind(1, table).Bind(2, key).Bind(3, batch.ToString()).Run();

    /// <summary>Closes one entry; to be called in an uncaptured write transaction.</summary>
    /// <param name="batch">The batch it was sent in.</param>
    /// <param name="table">Its table.</param>
    /// <param name="key">Its row.</param>
    /// <param name="outcome">What became of it; null for "applied as sent".</param>
    public void Apply(Guid batch, string table, string key, RowOutcome? outcome)
    {
        var now = time.GetUtcNow();
        switch (outcome?.Status ?? RowStatus.Applied)
        {
            case RowStatus.Applied:
                Applied(batch, table, key, outcome, TerminalStore.Instant(now));
                break;
            case RowStatus.Failed:
                Failed(batch, table, key, outcome!, now);
                break;
            case RowStatus.Conflict:
                Disputed(batch, table, key, outcome!, TerminalStore.Instant(now));
                break;
            default:
                SettleOrRelease(batch, table, key, "PENDING", 0, outcome!.Status == RowStatus.Waits ? "waits for " + outcome.Reason : outcome.Reason, null, now);
                break;
        }
    }

    /// <summary>
    /// Puts a row that was not in the queue into it, because central did not take it: from here on it is seen there and tried again like any other. An entry that
    /// the POS program opened meanwhile stays, without its before-image: central has agreed to none.
    /// </summary>
    public void Keep(TablePlan table, string key, RowOutcome outcome)
    {
        var now = time.GetUtcNow();
        var (status, error, next) = outcome.Status switch
        {
            RowStatus.Failed => ("FAILED", outcome.Reason, outcome.IsFinal ? null : retry.After(1, now, Random.Shared.NextDouble())),
            RowStatus.Conflict => ("CONFLICT", outcome.Reason, null),
            RowStatus.Waits => ("PENDING", "waits for " + outcome.Reason, (DateTimeOffset?)null),
            _ => ("PENDING", outcome.Reason, null),
        };
        database.Prepare("""
            INSERT INTO sync_queue (entity_type, entity_id, action, priority, status, attempts, last_error, next_attempt_at, created_at) VALUES (?1, ?2, 'INSERT', ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (entity_type, entity_id) DO UPDATE SET base = NULL, action = CASE action WHEN 'DELETE' THEN 'DELETE' ELSE 'INSERT' END
            """)
            .Bind(1, table.Name).Bind(2, key).Bind(3, table.Entry.Priority).Bind(4, status).Bind(5, status == "FAILED" ? 1 : 0).Bind(6, error)
            .Bind(7, next is { } at ? TerminalStore.Instant(at) : null).Bind(8, TerminalStore.Instant(now)).Run();
        // A row that waits for a decision is linked all the same, or central's would come down beside it as another row.
        appliers[table.Name].Mark(key, status, outcome.ServerKey, null);
    }

    /// <summary>Makes a dead letter of an entry that is not on its way: it is not sent again before somebody asks for it, or the POS program changes the row. One with an open conflict stays one.</summary>
    public void GiveUp(string table, string key, string reason)
    {
        var entry = database.Prepare("""
            UPDATE sync_queue SET status = CASE status WHEN 'CONFLICT' THEN 'CONFLICT' ELSE 'FAILED' END, attempts = attempts + 1, last_error = ?3, next_attempt_at = NULL, updated_at = ?4
            WHERE entity_type = ?1 AND entity_id = ?2 RETURNING status
            """).Bind(1, table).Bind(2, key).Bind(3, reason).Bind(4, TerminalStore.Instant(time.GetUtcNow()));
        var status = entry.Step() ? entry.Text(0)! : null;
        entry.Reset();
        if (status is not null)
            appliers[table].Mark(key, status, null, null);
    }

    /// <summary>Brings a row to what central has, null for gone; a row that cannot hold it is set aside.</summary>
    public void TakeOver(string table, string key, CellValue[]? values, string? serverKey) => TakeOver(appliers[table], key, values, serverKey, TerminalStore.Instant(time.GetUtcNow()));

    private void Applied(Guid batch, string table, string key, RowOutcome? outcome, string now)
    {
        var applier = appliers[table];
        if (Bind(Close, batch, table, key).Run() == 0)
        {
            Rebase(batch, table, key, outcome, now);
            return;
        }
        if (outcome is { CentralDeleted: true })
            TakeOver(applier, key, null, outcome.ServerKey, now);
        else if (outcome is { Central: { } values })
            TakeOver(applier, key, values, outcome.ServerKey, now);
        else if (outcome is { Reread: true })
            applier.AskAgain(outcome.ServerKey ?? key, now);
        applier.MarkSynced(key, outcome?.ServerKey, now);
    }

    // Central's answer may be what this terminal cannot take: a parent that is not here yet, a row that others still refer to. Then its own row stands,
    // and central's is asked for again at every push. A foreign key that is checked at the end would take the whole answer down with it.
    private void TakeOver(RowApplier applier, string key, CellValue[]? values, string? serverKey, string now)
    {
        var dangling = database.DanglingKeys();
        database.Execute("SAVEPOINT takeover");
        var reason = TryTakeOver(applier, key, values, serverKey, now);
        if (reason is null && database.DanglingKeys() > dangling)
            reason = "a foreign key of this terminal does not allow what central has";
        database.Execute(reason is null ? "RELEASE takeover" : "ROLLBACK TO takeover; RELEASE takeover");
        if (reason is not null)
            applier.Refused(serverKey ?? key, reason, now);
    }

    private static string? TryTakeOver(RowApplier applier, string key, CellValue[]? values, string? serverKey, string now)
    {
        try
        {
            applier.TakeOver(key, values, serverKey, now);
            return null;
        }
        catch (Exception e) when (e is RowRefusedException or SqliteRowException)
        {
            return e.Message;
        }
    }

    private void Failed(Guid batch, string table, string key, RowOutcome outcome, DateTimeOffset now)
    {
        var attempts = database.Prepare("SELECT attempts FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2").Bind(1, table).Bind(2, key);
        var count = attempts.Step() ? (int)attempts.Integer(0) + 1 : 1;
        attempts.Reset();
        var next = outcome.RetrySoon && count == 1 ? now : retry.After(count, now, Random.Shared.NextDouble());
        SettleOrRelease(batch, table, key, "FAILED", count, outcome.Reason, next, now);
    }

    private void SettleOrRelease(Guid batch, string table, string key, string status, int attempts, string? error, DateTimeOffset? next, DateTimeOffset now, string? serverKey = null)
    {
        var settled = Bind(Settle, batch, table, key).Bind(4, status).Bind(5, attempts).Bind(6, error).Bind(7, next is { } at ? TerminalStore.Instant(at) : null).Bind(8, TerminalStore.Instant(now)).Run();
        if (settled > 0)
            appliers[table].Mark(key, status, serverKey, null);
        else
            Bind(Release, batch, table, key).Run();
    }

    // The POS program changed the row while it was on the way: the change stays open, on top of what central acknowledged.
    private void Rebase(Guid batch, string table, string key, RowOutcome? outcome, string now)
    {
        if (ReadPayload(batch, table, key) is not { } payload)
            return;
        if (payload == "null")
        {
            // It was a delete that was sent: central has no such row now.
            Bind(Reopen, batch, table, key).Bind(4, null).Bind(5, "INSERT").Run();
            return;
        }
        var agreed = new AgreedState(appliers[table], key, ImageJson.Read(payload, queues[table].Columns));
        if (outcome?.Central is { } central)
            agreed.TakeOver(central);
        Bind(Reopen, batch, table, key).Bind(4, Image(table, agreed.Values, outcome?.ServerKey ?? QueueTable.ServerKeyOf(queues[table].Table, payload))).Bind(5, appliers[table].FindByKey(key) is null ? "DELETE" : "UPDATE").Run();
        if (outcome?.ServerKey is { } serverKey)
            appliers[table].Mark(key, "PENDING", serverKey, now);
    }

    // The entry waits for the decision, and only for the fields that are in dispute: the others are agreed on. What was changed on the way is due at once, and joins the conflict.
    private void Disputed(Guid batch, string table, string key, RowOutcome outcome, string now)
    {
        var applier = appliers[table];
        var image = outcome is { Open: { } open, Central: { } central } ? AgreeOnOthers(batch, table, key, open, central, outcome.ServerKey) : null;
        if (Bind(Dispute, batch, table, key).Bind(4, image).Bind(5, outcome.Reason).Bind(6, now).Run() > 0)
            applier.Mark(key, "CONFLICT", outcome.ServerKey, null);
    }

    private string? AgreeOnOthers(Guid batch, string table, string key, IReadOnlyList<string> open, CellValue[] central, string? serverKey)
    {
        var read = Bind("SELECT base FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3", batch, table, key);
        var image = read.Step() ? read.Text(0) : null;
        read.Reset();
        var columns = queues[table].Columns;
        var payload = ReadPayload(batch, table, key);
        var sent = payload is null ? appliers[table].FindByKey(key) : payload == "null" ? null : ImageJson.Read(payload, columns);
        if (image is null || sent is null)
            return null;
        var agreed = new AgreedState(appliers[table], key, sent);
        agreed.TakeOver(central, [.. columns.Select(c => open.Contains(c, StringComparer.OrdinalIgnoreCase))]);
        var values = ImageJson.Read(image, columns);
        for (var i = 0; i < values.Length; i++)
        {
            if (!open.Contains(columns[i], StringComparer.OrdinalIgnoreCase))
                values[i] = agreed.Values[i];
        }
        return Image(table, values, serverKey ?? QueueTable.ServerKeyOf(queues[table].Table, image));
    }

    // The row as it was sent, where the POS program has changed it since; "null" for a delete.
    private string? ReadPayload(Guid batch, string table, string key)
    {
        var read = Bind("SELECT payload FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2 AND batch_id = ?3", batch, table, key);
        var payload = read.Step() ? read.Text(0) : null;
        read.Reset();
        return payload;
    }

    private string Image(string table, CellValue[] values, string? serverKey)
    {
        var columns = queues[table].Columns;
        return serverKey is null || queues[table].Table.ServerIdColumn is not { } column
            ? ImageJson.Write(columns, values)
            : ImageJson.Write([.. columns, column], [.. values, CellValue.Of(serverKey)]);
    }

    private SqliteStatement Bind(string sql, Guid batch, string table, string key) => database.Prepare(sql).Bind(1, table).Bind(2, key).Bind(3, batch.ToString());
}
