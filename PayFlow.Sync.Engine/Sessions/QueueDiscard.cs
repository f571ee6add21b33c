using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Gives changes up: the terminal's row takes central's state again, and a row that central never had goes, with its image in the audit. Children go before their parents, and a row that
/// others at the till still refer to stays.
/// </summary>
public sealed class QueueDiscard(QueueSession session)
{
    /// <summary>What discarding would do, children first; changes nothing.</summary>
    /// <exception cref="SyncException">One row was named, and nothing of it waits.</exception>
    public async Task<IReadOnlyList<DiscardStep>> PreviewAsync(QueueFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var entries = QueueReading.List(session.Database, filter, int.MaxValue);
        if (entries.Count == 0 && filter is { Table: { } table, Key: { } key })
            throw QueueReading.NotQueued(table, key);
        var steps = new List<DiscardStep>();
        foreach (var group in entries.GroupBy(e => e.Table, StringComparer.OrdinalIgnoreCase).OrderByDescending(g => Rank(g.Key)))
        {
            foreach (var entry in group)
                steps.Add(await StepAsync(entry, cancellationToken));
        }
        return steps;
    }

    /// <summary>Tries what <see cref="PreviewAsync"/> said, one after the other, and takes it all back: what would be refused says so.</summary>
    /// <returns>The steps in their order, with the terminal's values that would be lost.</returns>
    public IReadOnlyList<DiscardStep> Try(IReadOnlyList<DiscardStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var tried = new List<DiscardStep>();
        session.Database.Preview(() =>
        {
            foreach (var step in steps)
                tried.Add(step.Effect == DiscardEffect.Refused ? step : Try(step));
        });
        return tried;
    }

    /// <summary>Gives one change up, as it was previewed.</summary>
    /// <param name="step">What <see cref="PreviewAsync"/> said.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why; may be null.</param>
    /// <param name="cancellationToken">Ends it before anything is changed.</param>
    /// <exception cref="SyncException">The row was changed meanwhile, others refer to it, or the till cannot hold what central has. Nothing was changed.</exception>
    public async Task ExecuteAsync(DiscardStep step, string actor, string? reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        var entry = step.Entry;
        if (step.Effect == DiscardEffect.Refused)
            throw new SyncException(SyncErrorCode.ValueRefused, step.Reason!, step.Hint) { Table = entry.Table, Key = entry.Key };
        var table = session.Table(entry.Table);
        // Before it is done: an image too many in the audit harms nobody, one too few cannot be made up for.
        await session.AuditAsync(actor, "queue.discard", (entry.Table, entry.Key), new { reason, effect = step.Effect, action = entry.Action, error = entry.Error, image = Image(table, entry.Key) }, cancellationToken);
        try
        {
            var wasThere = false;
            session.Database.WriteUncaptured(() => wasThere = Write(table, step));
            Count(table, step, wasThere);
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            throw NotTaken(entry, e);
        }
    }

    private DiscardStep Try(DiscardStep step)
    {
        var table = session.Table(step.Entry.Table);
        var lost = Image(table, step.Entry.Key)?.Where(v => !table.Columns.Any(c => c.IsKey && c.Terminal.Name == v.Key)).ToDictionary(v => v.Key, v => v.Value);
        session.Database.Execute("SAVEPOINT discard");
        try
        {
            Write(table, step);
            session.Database.Execute("RELEASE discard");
            return step with { Lost = lost };
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException or SyncException)
        {
            session.Database.Execute("ROLLBACK TO discard; RELEASE discard");
            var known = e as SyncException ?? NotTaken(step.Entry, e);
            return step with { Effect = DiscardEffect.Refused, Reason = known.Message, Hint = known.Hint, Lost = lost };
        }
    }

    private async Task<DiscardStep> StepAsync(QueuedRow entry, CancellationToken cancellationToken)
    {
        if (Obstacle(entry) is { } obstacle)
            return obstacle;
        var table = session.Plan.Find(entry.Table)!;
        var serverKey = table.KeyMode == KeyMode.Linked ? ServerKey(table, entry.Key) : entry.Key;
        var central = serverKey is null ? null : (await session.Central.FetchAsync(table, [serverKey], cancellationToken))[0].Values;
        var isThere = session.Tools.Appliers[table.Name].FindByKey(entry.Key) is not null;
        return new DiscardStep(entry, central is not null ? DiscardEffect.Restored : isThere ? DiscardEffect.Removed : DiscardEffect.Closed) { Central = central, ServerKey = serverKey };
    }

    private DiscardStep? Obstacle(QueuedRow entry)
    {
        if (session.Plan.Find(entry.Table) is null)
            return new(entry, DiscardEffect.Refused, $"{entry.Table}/{entry.Key}: the table is not synced any more", "Put it back into the map first.");
        return entry.Status switch
        {
            "SYNCING" => new(entry, DiscardEffect.Refused, $"{entry.Table}/{entry.Key} is on its way to central", "Sync the till first: what became of the row is asked for at the start of a run."),
            "CONFLICT" => new(entry, DiscardEffect.Refused, $"{entry.Table}/{entry.Key} is in conflict, which is decided in central", $"payflow conflicts list --table {ShellWord.Of(entry.Table)}, then payflow conflicts resolve ID --take central"),
            QueueFilter.SetAside => new(entry, DiscardEffect.Refused, $"{entry.Table}/{entry.Key} came from central, so there is no change of the till's to give up", "Change the row that is in its way, at the till or in central."),
            _ => null,
        };
    }

    // Whether the till had the row.
    private bool Write(TablePlan table, DiscardStep step)
    {
        var (entry, applier) = (step.Entry, session.Tools.Appliers[table.Name]);
        if (QueueReading.List(session.Database, new QueueFilter { Table = entry.Table, Key = entry.Key, Status = entry.Status }, 1).FirstOrDefault() is not { } now || now != entry)
            throw new SyncException(SyncErrorCode.Moved, $"{entry.Table}/{entry.Key} was not discarded: the till has changed it since", "Look again: payflow queue show.") { Table = entry.Table, Key = entry.Key };
        var current = applier.FindByKey(entry.Key);
        if (step.Central is null && current is not null)
            RequireUnreferenced(table, entry);
        session.Database.Prepare("DELETE FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2").Bind(1, table.Name).Bind(2, entry.Key).Run();
        var dangling = session.Database.DanglingKeys();
        applier.Begin();
        if (current is not null)
            applier.TakeOver(entry.Key, step.Central, step.ServerKey, session.Now);
        else if (step.Central is not null)
            applier.Apply(step.ServerKey!, step.Central, session.Now);
        if (session.Database.DanglingKeys() > dangling)
            throw new RowRefusedException("a foreign key does not allow it");
        if (step.Central is not null)
            applier.MarkSynced(entry.Key, step.ServerKey, session.Now);
        session.Tools.Journal.Flush();
        return current is not null;
    }

    private void Count(TablePlan table, DiscardStep step, bool wasThere) =>
        session.Count(table, step.Effect switch { DiscardEffect.Restored => wasThere ? ApplyOutcome.Updated : ApplyOutcome.Inserted, DiscardEffect.Removed => ApplyOutcome.Deleted, _ => ApplyOutcome.Unchanged });

    // Foreign keys that are declared, and those that the plan knows of: what ON DELETE CASCADE would take along was never looked at.
    private void RequireUnreferenced(TablePlan table, QueuedRow entry)
    {
        foreach (var child in session.Plan.Tables)
        {
            foreach (var (column, parent) in Referring(child, table))
            {
                var sql = $"SELECT count(*) FROM {SqliteName.Quote(child.Name)} c WHERE c.{SqliteName.Quote(column)} = (SELECT t.{SqliteName.Quote(parent)} FROM {SqliteName.Quote(table.Name)} t WHERE {KeySql.Matches(table, "t", "?1")})";
                var count = session.Database.Prepare(sql).Bind(1, entry.Key);
                count.Step();
                var rows = count.Integer(0);
                count.Reset();
                if (rows > 0)
                    throw Refused(entry, $"{rows} {(rows == 1 ? "row" : "rows")} of {child.Name} at the till {(rows == 1 ? "refers" : "refer")} to it", $"Discard or change those first: payflow queue list --table {ShellWord.Of(child.Name)}");
            }
        }
    }

    private static IEnumerable<(string Column, string Parent)> Referring(TablePlan child, TablePlan parent)
    {
        var declared = child.Terminal.ForeignKeys.Where(f => f.Columns.Count == 1 && string.Equals(f.ParentTable, parent.Name, StringComparison.OrdinalIgnoreCase)).Select(f => (f.Columns[0], f.ParentColumns[0]));
        var planned = child.Columns.Where(c => string.Equals(c.References, parent.Name, StringComparison.OrdinalIgnoreCase)).Select(c => (c.Terminal.Name, parent.TerminalKey[0].Name));
        return declared.Concat(planned).Distinct();
    }

    private string? ServerKey(TablePlan table, string key)
    {
        var row = session.Database.Prepare($"""
            SELECT (SELECT t.{SqliteName.Quote(table.ServerIdColumn!)} FROM {SqliteName.Quote(table.Name)} t WHERE {KeySql.Matches(table, "t", "?2")}),
              (SELECT q.base FROM sync_queue q WHERE q.entity_type = ?1 AND q.entity_id = ?2)
            """).Bind(1, table.Name).Bind(2, key);
        row.Step();
        var (own, image) = (row.Text(0), row.Text(1));
        row.Reset();
        return own ?? QueueTable.ServerKeyOf(table, image);
    }

    private Dictionary<string, CellValue>? Image(TablePlan table, string key) =>
        session.Tools.Appliers[table.Name].FindByKey(key) is { } row ? table.Columns.Select((c, i) => (c.Terminal.Name, Value: row[i])).ToDictionary(c => c.Name, c => c.Value) : null;

    private int Rank(string table) => session.Plan.Tables.ToList().FindIndex(t => string.Equals(t.Name, table, StringComparison.OrdinalIgnoreCase));

    private static SyncException NotTaken(QueuedRow entry, Exception cause) => Refused(entry, $"the till does not take it: {cause.Message}", "Change the row that is in the way, then discard again.", cause);

    private static SyncException Refused(QueuedRow entry, string why, string hint, Exception? cause = null) =>
        new(SyncErrorCode.ValueRefused, $"{entry.Table}/{entry.Key} was not discarded: {why}", hint, cause) { Table = entry.Table, Key = entry.Key };
}
