using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Deletes rows of one table, unless <c>ON DELETE CASCADE</c> would take rows along that central has never seen.</summary>
internal sealed class CascadeGuard(SqliteDatabase database, SyncPlan plan, TablePlan table)
{
    private readonly List<TablePlan> _dependents = Dependents(plan, table);

    /// <param name="sql">The statement that deletes, for <c>?1</c> the key.</param>
    /// <param name="key">Which row.</param>
    /// <exception cref="RowRefusedException">A row that was never sent would have gone with it; nothing was deleted.</exception>
    public void Delete(string sql, string key)
    {
        var unsent = _dependents.Where(HasUnsent).Select(d => (Table: d, Before: CountGone(d))).ToList();
        if (unsent.Count > 0)
            database.Execute("SAVEPOINT cascade");
        database.Prepare(sql).Bind(1, key).Run();
        if (unsent.Count == 0)
            return;
        var taken = unsent.FirstOrDefault(d => CountGone(d.Table) > d.Before).Table;
        database.Execute(taken is null ? "RELEASE cascade" : "ROLLBACK TO cascade; RELEASE cascade");
        if (taken is not null)
            throw new RowRefusedException($"{table.Name}: deleted in central, but {taken.Name} still has rows of it that were never sent");
    }

    private bool HasUnsent(TablePlan dependent)
    {
        var statement = database.Prepare("SELECT 1 FROM sync_queue WHERE entity_type = ? AND action <> 'DELETE' LIMIT 1").Bind(1, dependent.Name);
        var any = statement.Step();
        statement.Reset();
        return any;
    }

    // Rows with something to send that are not there.
    private long CountGone(TablePlan dependent)
    {
        var count = database.Prepare($"SELECT count(*) FROM sync_queue q WHERE q.entity_type = ? AND q.action <> 'DELETE' AND NOT EXISTS (SELECT 1 FROM {SqliteName.Quote(dependent.Name)} t WHERE {KeySql.Matches(dependent, "t", "q.entity_id")})").Bind(1, dependent.Name);
        count.Step();
        var gone = count.Integer(0);
        count.Reset();
        return gone;
    }

    private static List<TablePlan> Dependents(SyncPlan plan, TablePlan table)
    {
        var found = new List<TablePlan>();
        for (var open = new Queue<TablePlan>([table]); open.TryDequeue(out var parent);)
        {
            foreach (var child in plan.Tables.Where(t => t.Pulls && !found.Contains(t) && t.Terminal.ForeignKeys.Any(f => string.Equals(f.ParentTable, parent.Name, StringComparison.OrdinalIgnoreCase))))
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }
        return found;
    }
}
