using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Queue;
using PayFlow.Sync.Engine.Terminals.Values;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Changes a row that waits, at the terminal, as the POS program would have done it: the change is captured, and the row is due at once with all of its attempts before it.</summary>
public sealed class QueueEdit(QueueSession session)
{
    private const string Renew = """
        UPDATE sync_queue SET status = CASE status WHEN 'FAILED' THEN 'PENDING' ELSE status END, attempts = 0, last_error = CASE status WHEN 'CONFLICT' THEN last_error END,
          next_attempt_at = CASE status WHEN 'CONFLICT' THEN next_attempt_at END
        WHERE entity_type = ?1 AND entity_id = ?2
        """;

    /// <param name="table">The terminal's table.</param>
    /// <param name="key">The row's key in the terminal.</param>
    /// <param name="values">Columns and their new values as texts; null for NULL.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why; may be null.</param>
    /// <param name="cancellationToken">Ends it before anything is changed.</param>
    /// <exception cref="SyncException">Nothing of the row waits, it is on its way, or a column does not take its value.</exception>
    public async Task ExecuteAsync(string table, string key, IReadOnlyDictionary<string, string?> values, string actor, string? reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var plan = session.Table(table);
        var entry = Require(plan, key);
        var cells = values.Select(v => (Column: Column(plan, v.Key), v.Value)).Select(c => (c.Column, Value: Read(plan, key, plan.Columns[c.Column], c.Value))).ToList();
        var before = session.Tools.Appliers[plan.Name].FindByKey(key)
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{plan.Name}/{key} was deleted at the till: there is no row to edit", "Discard the delete instead: payflow queue discard.") { Table = plan.Name, Key = key };
        await session.AuditAsync(actor, "queue.edit", (plan.Name, key), new
        {
            reason,
            error = entry.Error,
            before = cells.ToDictionary(c => plan.Columns[c.Column].Terminal.Name, c => before[c.Column]),
            after = cells.ToDictionary(c => plan.Columns[c.Column].Terminal.Name, c => c.Value),
        }, cancellationToken);
        try
        {
            session.Database.Write(() => Write(plan, key, cells));
        }
        catch (SqliteRowException e)
        {
            throw new SyncException(SyncErrorCode.ValueRefused, $"{plan.Name}/{key} was not changed: the till says {e.Message}", "Give a value that the till's own rules allow.", e) { Table = plan.Name, Key = key };
        }
    }

    /// <summary>Why columns do not take what was typed for them, by column, in words without a full stop; those that take it are not named. Changes nothing.</summary>
    /// <exception cref="SyncException">The table is not synced.</exception>
    public IReadOnlyDictionary<string, string> FindFaults(string table, IReadOnlyDictionary<string, string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var plan = session.Table(table);
        var faults = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in values)
        {
            var column = plan.Columns.FirstOrDefault(c => string.Equals(c.Terminal.Name, name, StringComparison.OrdinalIgnoreCase));
            if (column is null or { IsKey: true } or { IsGeneratedInTerminal: true })
                faults.Add(name, column is null ? "it does not travel" : column.IsKey ? "it is the row's key" : "the till computes it");
            else if (!TryRead(column, text, out _, out var refusal))
                faults.Add(name, refusal!);
        }
        return faults;
    }

    private void Write(TablePlan plan, string key, List<(int Column, CellValue Value)> cells)
    {
        // Looked at again: until now the POS program could write.
        Require(plan, key);
        var set = string.Join(", ", cells.Select((c, i) => $"{SqliteName.Quote(plan.Columns[c.Column].Terminal.Name)} = ?{i + 2}"));
        var update = session.Database.Prepare($"UPDATE {SqliteName.Quote(plan.Name)} AS t SET {set} WHERE {KeySql.Matches(plan, "t", "?1")}").Bind(1, key);
        for (var i = 0; i < cells.Count; i++)
            update.Bind(i + 2, cells[i].Value);
        update.Run();
        session.Database.Prepare(Renew).Bind(1, plan.Name).Bind(2, key).Run();
    }

    private QueuedRow Require(TablePlan plan, string key)
    {
        var entry = QueueReading.List(session.Database, new QueueFilter { Table = plan.Name, Key = key }, 1).FirstOrDefault() ?? throw QueueReading.NotQueued(plan.Name, key);
        if (entry.Status == QueueFilter.SetAside)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{plan.Name}/{key} was set aside on its way down, so there is no row of the till's to edit", "Change the row of the till that is in the way; the next sync brings this one.") { Table = plan.Name, Key = key };
        if (entry.Status == "SYNCING")
            Requeueing.RequireFree(entry);
        return entry;
    }

    private static int Column(TablePlan plan, string name)
    {
        for (var i = 0; i < plan.Columns.Count; i++)
        {
            if (!string.Equals(plan.Columns[i].Terminal.Name, name, StringComparison.OrdinalIgnoreCase))
                continue;
            return plan.Columns[i] is { IsKey: false, IsGeneratedInTerminal: false }
                ? i
                : throw Wrong(plan, $"{plan.Name}.{name} {(plan.Columns[i].IsKey ? "is the row's key" : "is computed by the till")} and cannot be edited", "Leave it out.");
        }
        throw Wrong(plan, $"{plan.Name} has no column {name} that travels", $"Its columns are {string.Join(", ", plan.Columns.Where(c => !c.IsKey).Select(c => c.Terminal.Name))}.");
    }

    private static CellValue Read(TablePlan plan, string key, ColumnPlan column, string? text)
    {
        if (TryRead(column, text, out var stored, out var refusal))
            return stored;
        throw new SyncException(SyncErrorCode.ValueRefused, $"{plan.Name}/{key} was not changed: {plan.Name}.{column.Terminal.Name}: {refusal}", $"Give a value of the type {column.Central.Type}.") { Table = plan.Name, Key = key };
    }

    private static bool TryRead(ColumnPlan column, string? text, out CellValue stored, out string? refusal)
    {
        stored = default;
        return TypedText.TryRead(column, text, out var neutral, out refusal) && TerminalCodec.For(column).TryToTerminal(neutral, out stored, out refusal);
    }

    private static SyncException Wrong(TablePlan plan, string message, string hint) => new(SyncErrorCode.InvalidConfiguration, message, hint) { Table = plan.Name };
}
