using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>
/// Deletes rows of one table, unless <c>ON DELETE CASCADE</c> or a trigger of the POS program would take rows along that central has never seen: those in the queue, those of tables that
/// wait for bootstrap, and those newer than what was read by timestamp. Rows of tables that never go up are no concern of central's: they go as they go when the POS program itself deletes.
/// </summary>
internal sealed class CascadeGuard(SqliteDatabase database, SyncPlan plan, TablePlan table)
{
    // Asked for with the first delete: most tables never see one.
    private List<TablePlan>? _dependents;

    private List<TablePlan> Dependents => _dependents ??= ReadDependents();

    /// <param name="sql">The statement that deletes, for <c>?1</c> the key.</param>
    /// <param name="key">Which row.</param>
    /// <param name="touched">That row and those that its delete reaches by foreign keys.</param>
    /// <exception cref="RowRefusedException">A row that was never sent would have gone with it; nothing was deleted.</exception>
    public void Delete(string sql, string key, IReadOnlyList<RowImage> touched)
    {
        var unseen = Dependents.SelectMany(d => Unseen(d, key, touched)).ToList();
        if (unseen.Count > 0)
            database.Execute("SAVEPOINT cascade");
        database.Prepare(sql).Bind(1, key).Run();
        if (unseen.Count == 0)
            return;
        var reason = unseen.FirstOrDefault(u => u.IsTaken()).Reason;
        database.Execute(reason is null ? "RELEASE cascade" : "ROLLBACK TO cascade; RELEASE cascade");
        if (reason is not null)
            throw new RowRefusedException($"{Gone(table)}, but {reason}");
    }

    /// <summary>That a row is to go, in words: a row that has left the table's filter goes like one that was deleted, and cannot be told from it here.</summary>
    public static string Gone(TablePlan table) => $"{table.Name}: deleted in central{(string.IsNullOrWhiteSpace(table.Entry.Filter) ? string.Empty : " or no longer within the table's filter")}";

    // What of a table central may not know, and how to see afterwards that the delete has taken some of it.
    private IEnumerable<(Func<bool> IsTaken, string Reason)> Unseen(TablePlan dependent, string key, IReadOnlyList<RowImage> touched)
    {
        if (Waits(dependent))
        {
            var left = CountRows(dependent) - (ReferenceEquals(dependent, table) ? 1 : 0);
            yield return (() => CountRows(dependent) < left, $"{dependent.Name} still has rows of it that wait to be compared with central: run payflow bootstrap");
            yield break;
        }
        var reason = $"{dependent.Name} still has rows of it that were never sent";
        if (HasUnsent(dependent))
        {
            var before = CountGone(dependent);
            yield return (() => CountGone(dependent) > before, reason);
        }
        if (dependent.Entry.TerminalCapture == CaptureMode.Timestamp)
        {
            var unread = touched.Where(r => IsOf(r, dependent) && !(ReferenceEquals(dependent, table) && r.Key == key) && IsUnread(dependent, r.Key)).ToList();
            if (unread.Count > 0)
                yield return (() => unread.Exists(r => !Exists(dependent, r.Key)), reason);
        }
    }

    private static bool IsOf(RowImage row, TablePlan of) => string.Equals(row.Table, of.Name, StringComparison.OrdinalIgnoreCase);

    private bool Waits(TablePlan dependent) => Any(database.Prepare("SELECT 1 FROM payflow_tables WHERE name = ?1 AND boot_state <> 'done'").Bind(1, dependent.Name));

    private bool HasUnsent(TablePlan dependent) => Any(database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ?1 AND action <> 'DELETE' LIMIT 1").Bind(1, dependent.Name));

    private bool IsUnread(TablePlan dependent, string key) =>
        Any(database.Prepare($"SELECT 1 FROM {SqliteName.Quote(dependent.Name)} t WHERE {KeySql.Matches(dependent, "t", "?1")} AND {StampedPullSql.IsUnread(dependent)}").Bind(1, key));

    private bool Exists(TablePlan dependent, string key) => Any(database.Prepare($"SELECT 1 FROM {SqliteName.Quote(dependent.Name)} t WHERE {KeySql.Matches(dependent, "t", "?1")}").Bind(1, key));

    private long CountRows(TablePlan dependent) => Count(database.Prepare($"SELECT count(*) FROM {SqliteName.Quote(dependent.Name)}"));

    // Rows with something to send that are not there.
    private long CountGone(TablePlan dependent) =>
        Count(database.Prepare($"SELECT count(*) FROM sync_queue q WHERE q.entity_type = ?1 AND q.action <> 'DELETE' AND NOT EXISTS (SELECT 1 FROM {SqliteName.Quote(dependent.Name)} t WHERE {KeySql.Matches(dependent, "t", "q.entity_id")})").Bind(1, dependent.Name));

    private static bool Any(SqliteStatement statement)
    {
        var any = statement.Step();
        statement.Reset();
        return any;
    }

    private static long Count(SqliteStatement statement)
    {
        statement.Step();
        var count = statement.Integer(0);
        statement.Reset();
        return count;
    }

    // Tables that are not synced pass a delete on like any other, and the POS program's own triggers may delete anywhere.
    private List<TablePlan> ReadDependents()
    {
        var children = ReadChildren();
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var open = new Queue<string>([table.Name]); open.TryDequeue(out var parent);)
        {
            foreach (var child in children[parent].Where(found.Add))
                open.Enqueue(child);
        }
        var hasTriggers = plan.Tables.Any(t => t.Terminal.HasUserTriggers && (ReferenceEquals(t, table) || found.Contains(t.Name)));
        return [.. plan.Tables.Where(t => t.Pulls && (found.Contains(t.Name) || (hasTriggers && !ReferenceEquals(t, table))))];
    }

    private ILookup<string, string> ReadChildren()
    {
        var pairs = new List<(string Parent, string Child)>();
        var row = database.Prepare("SELECT f.\"table\", m.name FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'");
        while (row.Step())
            pairs.Add((row.Text(0)!, row.Text(1)!));
        return pairs.ToLookup(p => p.Parent, p => p.Child, StringComparer.OrdinalIgnoreCase);
    }
}
