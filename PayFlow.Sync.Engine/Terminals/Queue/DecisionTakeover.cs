using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>
/// Takes decisions over: the row becomes central's and its entry is closed. What the POS program changed after the state that was decided upon stays an open change on top of the decision.
/// To be called in an uncaptured write transaction; a decision that was taken over finds no entry and does nothing.
/// </summary>
internal sealed class DecisionTakeover(SqliteDatabase database, IReadOnlyDictionary<string, QueueTable> queues, IReadOnlyDictionary<string, RowApplier> appliers, Acknowledgement acknowledgement, bool isSure)
{
    private const string Find = "SELECT 1 FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2 AND status = 'CONFLICT' AND batch_id IS NULL";
    private const string Close = "DELETE FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2";

    private const string Reopen = """
        UPDATE sync_queue SET status = 'PENDING', attempts = 0, last_error = NULL, next_attempt_at = NULL, updated_at = ?3 WHERE entity_type = ?1 AND entity_id = ?2
        """;

    private const string Rebase = "UPDATE sync_queue SET base = ?3, action = ?4 WHERE entity_type = ?1 AND entity_id = ?2";

    /// <summary>What it did to the row; null when there was nothing to do.</summary>
    public ApplyOutcome? Apply(Decision decision, string now)
    {
        var (table, key) = (decision.Row.Table, decision.Row.Key);
        if (decision.State == DecisionState.Open || !Exists(Find, table, key))
            return null;
        if (decision.State == DecisionState.Unknown)
            return Resend(table, key, now);
        var row = new TerminalRow(database, queues[table], appliers[table], key, decision.Fields);
        if (row.IsStill(decision.DecidedUpon))
            return TakeOver(decision, row, now);
        // Which of the terminal's values are newer than the decision can only be told by a file that has seen no restore since.
        if (!isSure || decision.WasDelivered || decision.Values is not { } values)
            return Resend(table, key, now);
        return Merge(decision, values, row, now);
    }

    private ApplyOutcome TakeOver(Decision decision, TerminalRow row, string now)
    {
        var (table, key) = (decision.Row.Table, decision.Row.Key);
        database.Prepare(Close).Bind(1, table).Bind(2, key).Run();
        acknowledgement.TakeOver(table, key, decision.Values, decision.ServerKey);
        appliers[table].MarkSynced(key, decision.ServerKey, now);
        return decision.Values is null ? row.Stored is null ? ApplyOutcome.Unchanged : ApplyOutcome.Deleted : ApplyOutcome.Updated;
    }

    private ApplyOutcome Resend(string table, string key, string now)
    {
        database.Prepare(Reopen).Bind(1, table).Bind(2, key).Bind(3, now).Run();
        appliers[table].Mark(key, "PENDING", null, null);
        return ApplyOutcome.Unchanged;
    }

    // Central's values go under what the POS program changed since, and become the before-image. What the terminal cannot hold of a row that it made anew is judged anew.
    private ApplyOutcome Merge(Decision decision, CellValue[] values, TerminalRow row, string now)
    {
        var (table, key) = (decision.Row.Table, decision.Row.Key);
        if (Agree(decision, values, row) is not { } agreed)
            return Resend(table, key, now);
        var image = Image(queues[table], agreed, decision.ServerKey);
        database.Prepare(Rebase).Bind(1, table).Bind(2, key).Bind(3, image).Bind(4, row.Stored is null ? "DELETE" : "UPDATE").Run();
        Resend(table, key, now);
        appliers[table].Mark(key, "PENDING", decision.ServerKey, null);
        return ApplyOutcome.Updated;
    }

    private CellValue[]? Agree(Decision decision, CellValue[] values, TerminalRow row)
    {
        var applier = appliers[decision.Row.Table];
        if (decision.DecidedUpon is { } image)
        {
            var agreed = new AgreedState(applier, decision.Row.Key, row.AsDecidedUpon(image));
            agreed.TakeOver(values);
            return agreed.Values;
        }
        try
        {
            return applier.ToStored(values);
        }
        catch (RowRefusedException)
        {
            return null;
        }
    }

    private bool Exists(string sql, string table, string key)
    {
        var found = database.Prepare(sql).Bind(1, table).Bind(2, key);
        var exists = found.Step();
        found.Reset();
        return exists;
    }

    private static string Image(QueueTable queue, CellValue[] stored, string? serverKey) => serverKey is null || queue.Table.KeyMode != KeyMode.Linked
        ? ImageJson.Write(queue.Columns, stored)
        : ImageJson.Write([.. queue.Columns, queue.Table.ServerIdColumn!], [.. stored, CellValue.Of(serverKey)]);
}
