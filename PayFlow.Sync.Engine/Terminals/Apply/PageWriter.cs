using PayFlow.Sync.Engine.Tables;
using SQLitePCL;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>
/// Writes a page of rows of several tables: new and changed rows with parents first, deleted ones with children first, foreign keys checked at the end.
/// A row that the terminal refuses is set aside with its reason, and holds up no other. To be called inside an uncaptured write transaction.
/// </summary>
internal sealed class PageWriter(SqliteDatabase database, SyncPlan plan, IReadOnlyDictionary<string, RowApplier> appliers)
{
    private readonly Dictionary<string, int> _order = plan.Tables.Select((t, i) => (t.Name, i)).ToDictionary(t => t.Name, t => t.i, StringComparer.OrdinalIgnoreCase);

    /// <param name="rows">The page; each row once.</param>
    /// <param name="now">For the bookkeeping columns.</param>
    /// <param name="wasEmpty">The table was empty when its load began: rows are inserted without looking first.</param>
    /// <returns>Counts per table.</returns>
    public Dictionary<string, PageTally> Write(IReadOnlyList<IncomingRow> rows, string now, bool wasEmpty = false)
    {
        var ordered = Order(rows);
        foreach (var table in rows.Select(r => r.Table.Name).Distinct(StringComparer.OrdinalIgnoreCase))
            appliers[table].Begin();
        database.Execute("PRAGMA defer_foreign_keys = ON; SAVEPOINT page");
        var tallies = new Dictionary<string, PageTally>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in ordered)
            WriteRow(row, now, wasEmpty, tallies);
        if (database.DanglingKeys() > 0)
        {
            database.Execute("ROLLBACK TO page");
            tallies.Clear();
            WriteIsolated(ordered, now, tallies);
        }
        database.Execute("RELEASE page");
        return tallies;
    }

    private List<IncomingRow> Order(IReadOnlyList<IncomingRow> rows)
    {
        var upserts = rows.Where(r => r.Values is not null).OrderBy(r => _order[r.Table.Name]);
        var deletes = rows.Where(r => r.Values is null).OrderByDescending(r => _order[r.Table.Name]);
        return [.. upserts, .. deletes];
    }

    private void WriteRow(IncomingRow row, string now, bool wasEmpty, Dictionary<string, PageTally> tallies)
    {
        try
        {
            var outcome = Apply(row, now, wasEmpty);
            // The entry may come to nothing (deleted before it was ever sent): then this row must not have been passed over for good.
            if (outcome == ApplyOutcome.Busy)
                appliers[row.Table.Name].AskAgain(row.Key, now);
            Count(row, outcome, tallies);
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            RequireTransaction(row, e);
            SetAside(row, e.Message, now, tallies);
        }
    }

    private ApplyOutcome Apply(IncomingRow row, string now, bool wasEmpty)
    {
        var applier = appliers[row.Table.Name];
        if (wasEmpty && row.Values is not null && applier.TryInsert(row.Key, row.Values, now))
            return ApplyOutcome.Inserted;
        return applier.Apply(row.Key, row.Values, now);
    }

    // Some row of the page leaves a foreign key dangling: each is tried alone, again as long as that helps (a parent may come later), and what is left together, for cycles.
    private void WriteIsolated(List<IncomingRow> rows, string now, Dictionary<string, PageTally> tallies)
    {
        var left = rows;
        for (var before = left.Count + 1; left.Count > 0 && left.Count < before;)
        {
            before = left.Count;
            left = [.. left.Where(row => !TryAlone([row], now, tallies))];
        }
        if (left.Count == 0 || TryAlone(left, now, tallies))
            return;
        foreach (var row in left)
            SetAside(row, row.Values is null ? $"{row.Table.Name}: other rows of this terminal still refer to it" : $"{row.Table.Name}: it refers to a row that this terminal does not have", now, tallies);
    }

    private bool TryAlone(List<IncomingRow> rows, string now, Dictionary<string, PageTally> tallies)
    {
        database.Execute("SAVEPOINT alone");
        var own = new Dictionary<string, PageTally>(StringComparer.OrdinalIgnoreCase);
        var dangling = database.DanglingKeys();
        foreach (var row in rows)
            WriteRow(row, now, wasEmpty: false, own);
        var fits = database.DanglingKeys() <= dangling;
        database.Execute(fits ? "RELEASE alone" : "ROLLBACK TO alone; RELEASE alone");
        if (fits)
            Add(own, tallies);
        return fits;
    }

    private static void Add(Dictionary<string, PageTally> own, Dictionary<string, PageTally> tallies)
    {
        foreach (var (table, tally) in own)
        {
            if (!tallies.TryGetValue(table, out var all))
                tallies.Add(table, all = new PageTally());
            foreach (var outcome in Enum.GetValues<ApplyOutcome>())
            {
                for (var i = 0; i < tally[outcome]; i++)
                    all.Count(outcome);
            }
            for (var i = 0; i < tally.Refused; i++)
                all.CountRefused();
        }
    }

    private void SetAside(IncomingRow row, string reason, string now, Dictionary<string, PageTally> tallies)
    {
        appliers[row.Table.Name].Refused(row.Key, reason, now);
        Tally(row, tallies).CountRefused();
    }

    private static void Count(IncomingRow row, ApplyOutcome outcome, Dictionary<string, PageTally> tallies) => Tally(row, tallies).Count(outcome);

    private static PageTally Tally(IncomingRow row, Dictionary<string, PageTally> tallies)
    {
        if (!tallies.TryGetValue(row.Table.Name, out var tally))
            tallies.Add(row.Table.Name, tally = new PageTally());
        return tally;
    }

    private void RequireTransaction(IncomingRow row, Exception e)
    {
        if (raw.sqlite3_get_autocommit(database.Handle) != 0)
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"A trigger of {row.Table.Name} rolls back the whole transaction for row {row.Key}: {e.Message}", "Let the trigger use RAISE(ABORT, …) instead of RAISE(ROLLBACK, …).", e)
            { Table = row.Table.Name, Key = row.Key };
    }
}
