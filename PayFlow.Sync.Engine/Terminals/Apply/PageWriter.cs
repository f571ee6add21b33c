using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Journal;
using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>
/// Writes a page of rows of several tables: new and changed rows with parents first, deleted ones with children first, foreign keys checked at the end.
/// A row that the terminal refuses is set aside with its reason, and holds up no other. To be called inside an uncaptured write transaction.
/// </summary>
internal sealed class PageWriter(SqliteDatabase database, SyncPlan plan, IReadOnlyDictionary<string, RowApplier> appliers, TerminalJournal journal)
{
    private readonly ClashingRows _clashing = new(database, appliers, journal);
    private readonly Dictionary<string, int> _order = plan.Tables.Select((t, i) => (t.Name, i)).ToDictionary(t => t.Name, t => t.i, StringComparer.OrdinalIgnoreCase);

    /// <param name="rows">The page; each row once.</param>
    /// <param name="now">For the bookkeeping columns.</param>
    /// <param name="wasEmpty">The table had neither rows nor open entries when its load began: rows are inserted without looking first.</param>
    /// <returns>Counts per table.</returns>
    public Dictionary<string, PageTally> Write(IReadOnlyList<IncomingRow> rows, string now, bool wasEmpty = false)
    {
        var ordered = Begin(rows);
        database.Execute("SAVEPOINT page");
        var tallies = new Dictionary<string, PageTally>(StringComparer.OrdinalIgnoreCase);
        WriteRows(ordered, now, wasEmpty, tallies);
        SettleClashing(now, tallies);
        if (database.DanglingKeys() > 0)
        {
            database.Execute("ROLLBACK TO page");
            journal.Discard();
            tallies.Clear();
            WriteIsolated(ordered, now, tallies);
            SettleClashing(now, tallies);
        }
        database.Execute("RELEASE page");
        journal.Flush();
        return tallies;
    }

    /// <summary>As <see cref="Write"/>, without a savepoint: inside of one, SQLite takes twice the time for rows of a table that has triggers.</summary>
    /// <exception cref="DanglingKeysException">The caller has to roll its transaction back.</exception>
    public Dictionary<string, PageTally> WriteTogether(IReadOnlyList<IncomingRow> rows, string now, bool wasEmpty)
    {
        var tallies = new Dictionary<string, PageTally>(StringComparer.OrdinalIgnoreCase);
        WriteRows(Begin(rows), now, wasEmpty, tallies);
        SettleClashing(now, tallies);
        if (database.DanglingKeys() > 0)
            throw new DanglingKeysException();
        journal.Flush();
        return tallies;
    }

    private IReadOnlyList<IncomingRow> Begin(IReadOnlyList<IncomingRow> rows)
    {
        journal.Discard();
        _clashing.CutTo(0);
        TablePlan? last = null;
        foreach (var row in rows)
        {
            if (ReferenceEquals(row.Table, last))
                continue;
            last = row.Table;
            appliers[last.Name].Begin();
        }
        database.Execute("PRAGMA defer_foreign_keys = ON");
        return Order(rows);
    }

    private IReadOnlyList<IncomingRow> Order(IReadOnlyList<IncomingRow> rows)
    {
        if (IsOrdered(rows))
            return rows;
        var upserts = rows.Where(r => r.Values is not null).OrderBy(r => _order[r.Table.Name]);
        var deletes = rows.Where(r => r.Values is null).OrderByDescending(r => _order[r.Table.Name]);
        return [.. upserts, .. deletes];
    }

    // A load's chunks, and most pages, hold one table's rows and no deletes.
    private static bool IsOrdered(IReadOnlyList<IncomingRow> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Values is null || !ReferenceEquals(rows[i].Table, rows[0].Table))
                return false;
        }
        return true;
    }

    private void WriteRows(IReadOnlyList<IncomingRow> rows, string now, bool wasEmpty, Dictionary<string, PageTally> tallies)
    {
        // Rows of one table stand together, so what belongs to the table is looked up once for all of them.
        for (var i = 0; i < rows.Count;)
        {
            var table = rows[i].Table;
            var applier = appliers[table.Name];
            var tally = Tally(table, tallies);
            for (; i < rows.Count && ReferenceEquals(rows[i].Table, table); i++)
                WriteRow(applier, rows[i], now, wasEmpty, tally);
        }
    }

    private void WriteRow(RowApplier applier, IncomingRow row, string now, bool wasEmpty, PageTally tally)
    {
        try
        {
            var outcome = wasEmpty && row.Values is not null && applier.TryInsert(row, now) ? ApplyOutcome.Inserted : applier.Apply(row.Key, row.Values, now);
            // The entry may come to nothing (deleted before it was ever sent): then this row must not have been passed over for good.
            if (outcome == ApplyOutcome.Busy)
                applier.AskAgain(row.Key, now);
            tally.Count(outcome);
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            RequireTransaction(row, e);
            if (!_clashing.TryAdd(row, e))
                SetAside(row, row.Values is null && e is SqliteRowException ? Referred(row) ?? e.Message : e.Message, now, tally);
        }
    }

    // Some row of the page leaves a foreign key dangling: each is tried alone, again as long as that helps (a parent may come later), and what is left together, for cycles.
    private void WriteIsolated(IReadOnlyList<IncomingRow> rows, string now, Dictionary<string, PageTally> tallies)
    {
        var left = rows.ToList();
        for (var before = left.Count + 1; left.Count > 0 && left.Count < before;)
        {
            before = left.Count;
            left = [.. left.Where(row => !TryAlone([row], now, tallies))];
        }
        if (left.Count == 0 || TryAlone(left, now, tallies))
            return;
        foreach (var row in left)
            SetAside(row, row.Values is null ? Referred(row) ?? $"{row.Table.Name}: other rows of this terminal still refer to it" : $"{row.Table.Name}: it refers to a row that this terminal does not have", now, Tally(row.Table, tallies));
    }

    private bool TryAlone(List<IncomingRow> rows, string now, Dictionary<string, PageTally> tallies)
    {
        database.Execute("SAVEPOINT alone");
        var mark = journal.Mark();
        var clashing = _clashing.Count;
        var own = new Dictionary<string, PageTally>(StringComparer.OrdinalIgnoreCase);
        var dangling = database.DanglingKeys();
        WriteRows(rows, now, wasEmpty: false, own);
        var fits = database.DanglingKeys() <= dangling;
        database.Execute(fits ? "RELEASE alone" : "ROLLBACK TO alone; RELEASE alone");
        if (!fits)
        {
            journal.ReturnTo(mark);
            _clashing.CutTo(clashing);
        }
        else
        {
            foreach (var (table, tally) in own)
                Tally(plan.Find(table)!, tallies).Add(tally);
        }
        return fits;
    }

    private string? Referred(IncomingRow row) =>
        appliers[row.Table.Name].FindReferringTable(row.Key) is { } child ? $"{CascadeGuard.Gone(row.Table)}, but {child} of this terminal still has rows that refer to it" : null;

    private void SettleClashing(string now, Dictionary<string, PageTally> tallies)
    {
        if (_clashing.Count == 0)
            return;
        var dangling = database.DanglingKeys();
        database.Execute("SAVEPOINT clashing");
        var own = new Dictionary<string, PageTally>(StringComparer.OrdinalIgnoreCase);
        var mark = journal.Mark();
        var rows = _clashing.Noted;
        var left = _clashing.Settle(now, (row, outcome) => Tally(row.Table, own).Count(outcome));
        var fits = database.DanglingKeys() <= dangling;
        database.Execute(fits ? "RELEASE clashing" : "ROLLBACK TO clashing; RELEASE clashing");
        if (!fits)
        {
            journal.ReturnTo(mark);
            own.Clear();
            left = rows;
        }
        foreach (var (table, tally) in own)
            Tally(plan.Find(table)!, tallies).Add(tally);
        foreach (var (row, reason) in left)
            SetAside(row, reason, now, Tally(row.Table, tallies));
    }

    private void SetAside(IncomingRow row, string reason, string now, PageTally tally)
    {
        appliers[row.Table.Name].Refused(row.Key, reason, now);
        tally.CountRefused();
    }

    private static PageTally Tally(TablePlan table, Dictionary<string, PageTally> tallies)
    {
        if (!tallies.TryGetValue(table.Name, out var tally))
            tallies.Add(table.Name, tally = new PageTally());
        return tally;
    }

    private void RequireTransaction(IncomingRow row, Exception e)
    {
        if (raw.sqlite3_get_autocommit(database.Handle) != 0)
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"A trigger of {row.Table.Name} rolls back the whole transaction for row {row.Key}: {e.Message}", "Let the trigger use RAISE(ABORT, …) instead of RAISE(ROLLBACK, …).", e)
            { Table = row.Table.Name, Key = row.Key };
    }
}
