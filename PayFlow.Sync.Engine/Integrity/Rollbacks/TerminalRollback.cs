using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>
/// The terminal's part of a rollback, inside the caller's uncaptured write transaction, by the same rules as central's. A row with an open entry in the queue was changed since.
/// </summary>
internal sealed class TerminalRollback(SqliteDatabase database, SyncPlan plan, DatabaseSchema schema, TerminalJournal journal)
{
    private readonly Dictionary<string, TerminalRollbackTable> _tables =
        plan.Tables.ToDictionary(t => t.Name, t => new TerminalRollbackTable(database, schema, t, journal), StringComparer.OrdinalIgnoreCase);

    /// <param name="run">The run to take back.</param>
    /// <param name="undone">Earlier rollbacks of it: what they left counts as done.</param>
    /// <param name="tables">Only these tables; all when null.</param>
    /// <param name="tally">Where it is counted.</param>
    public void Execute(Guid run, IReadOnlyList<Guid> undone, IReadOnlyList<string>? tables, RollbackTally tally)
    {
        var entries = new TerminalRunJournal(database, plan);
        var before = undone.SelectMany(u => entries.Read(u, tables)).Where(r => r.Key is not null).GroupBy(r => (r.Table, r.Key!)).ToDictionary(g => g.Key, g => g.Last());
        var open = new List<TerminalRollbackRow>();
        foreach (var row in entries.Read(run, tables))
        {
            if (plan.Find(row.Table) is null)
                tally.Leave(RollbackSide.Terminal, row.Table, row.ShownKey, "its table is not synced any more");
            else if (IsBack(row, before))
                tally.Of(RollbackSide.Terminal, row.Table).AlreadyBack++;
            else if (Stands(row) is { } reason)
                tally.Leave(RollbackSide.Terminal, row.Table, row.ShownKey, reason);
            else
                open.Add(row);
        }
        for (var last = open.Count + 1; open.Count > 0 && open.Count < last;)
        {
            last = open.Count;
            open = TryExchange([.. Ordered(open).Where(r => !TryMove(r, tally))], tally);
        }
        foreach (var row in open)
            tally.Leave(RollbackSide.Terminal, row.Table, row.ShownKey, row.Reason ?? "it cannot go back by itself");
    }

    private bool IsBack(TerminalRollbackRow row, Dictionary<(string, string), TerminalRollbackRow> undone)
    {
        if (row.Key is null || _tables[row.Table].Find(row.Key) is not { } current)
            return !row.Existed;
        return (row.Before is { } before && _tables[row.Table].Equal(current, before))
            || (undone.GetValueOrDefault((row.Table, row.Key)) is { After: { } after } && _tables[row.Table].Equal(current, after));
    }

    // Null when the row is as the run left it, else what happened since.
    private string? Stands(TerminalRollbackRow row)
    {
        var table = _tables[row.Table];
        if (row.Key is null || table.HasOpenEntry(row.Key))
            return "the till changed it since";
        if (table.Find(row.Key) is not { } current)
            return row.Remained ? "it was deleted since" : null;
        if (!row.Remained)
            return "a row with this key is there again";
        var stands = row.Hash is { } hash ? table.Hash(current) == hash : row.After is not null && table.Equal(current, row.After);
        return stands ? null : "it was changed since";
    }

    // Children go first, parents come back first.
    private IEnumerable<TerminalRollbackRow> Ordered(List<TerminalRollbackRow> rows)
    {
        var rank = plan.Tables.OrderBy(t => t.Rank).Select((t, i) => (t.Name, i)).ToDictionary(t => t.Name, t => t.i, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. rows.Where(r => !r.Existed).OrderByDescending(r => rank[r.Table]),
            .. rows.Where(r => r is { Existed: true, Remained: false }).OrderBy(r => rank[r.Table]),
            .. rows.Where(r => r is { Existed: true, Remained: true }),
        ];
    }

    // Changed rows that have each other's unique values give them up first: all of a table together, or none.
    private List<TerminalRollbackRow> TryExchange(List<TerminalRollbackRow> open, RollbackTally tally)
    {
        foreach (var rows in open.Where(r => r is { Existed: true, Remained: true, IsClashing: true }).GroupBy(r => r.Table, StringComparer.OrdinalIgnoreCase).Select(g => g.ToList()).Where(g => g.Count > 1).ToList())
        {
            var dangling = database.DanglingKeys();
            database.Execute("SAVEPOINT exchange");
            var fits = rows.TrueForAll(TryPark) && rows.TrueForAll(r => Move(r) is null) && database.DanglingKeys() <= dangling;
            database.Execute(fits ? "RELEASE exchange" : "ROLLBACK TO exchange; RELEASE exchange");
            if (!fits)
                continue;
            tally.Of(RollbackSide.Terminal, rows[0].Table).Updated += rows.Count;
            open = [.. open.Except(rows)];
        }
        return open;
    }

    private bool TryPark(TerminalRollbackRow row)
    {
        try
        {
            _tables[row.Table].Park(row.Key!, row.Before!);
            return true;
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            // The column takes no other value, not even for a moment: the rows stay, with their own reasons.
            return false;
        }
    }

    private bool TryMove(TerminalRollbackRow row, RollbackTally tally)
    {
        var dangling = database.DanglingKeys();
        database.Execute("SAVEPOINT back");
        row.Reason = Move(row);
        if (row.Reason is null && database.DanglingKeys() > dangling)
            row.Reason = "a foreign key of the terminal does not allow it";
        database.Execute(row.Reason is null ? "RELEASE back" : "ROLLBACK TO back; RELEASE back");
        if (row.Reason is not null)
            return false;
        var counts = tally.Of(RollbackSide.Terminal, row.Table);
        if (!row.Existed)
            counts.Deleted++;
        else if (row.Remained)
            counts.Updated++;
        else
            counts.Inserted++;
        if (!tally.BackInCentral.Contains((row.Table.ToLowerInvariant(), CentralKey(row))))
            counts.Apart++;
        return true;
    }

    private string CentralKey(TerminalRollbackRow row)
    {
        if (plan.Find(row.Table) is not { KeyMode: KeyMode.Linked, ServerIdColumn: { } column })
            return row.Key!;
        return row.Before is { } image && ImageJson.ReadNamed(image).GetValueOrDefault(column) is { IsNull: false } key ? key.ToString() : row.ServerKey ?? string.Empty;
    }

    private string? Move(TerminalRollbackRow row)
    {
        var table = _tables[row.Table];
        try
        {
            if (!row.Existed && table.FindChild(row.Key!) is { } child)
                return $"rows of {child} refer to it";
            if (!row.Existed)
                table.Delete(row.Key!, table.Find(row.Key!)!);
            else if (row.Remained)
                table.Update(row.Key!, table.Find(row.Key!)!, row.Before!);
            else
                table.Insert(row.Key!, row.Before!);
            return null;
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            return e.Message;
        }
    }
}
