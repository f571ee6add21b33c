using System.Globalization;

namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary>
/// Removes the journals of old runs from a terminal's file, the oldest first and in small transactions, because a cashier may be waiting. An entry P stands for a run of which a part is
/// gone already, so that half a run is never rolled back.
/// </summary>
internal static class JournalPruning
{
    private const int EntriesPerTransaction = 5_000;
    private const int Transactions = 4;

    private const string Oldest = "SELECT run_id, at, (SELECT max(seq) FROM payflow_journal) - seq + 1 FROM payflow_journal ORDER BY seq LIMIT 1";

    /// <param name="database">The terminal's file, outside a transaction.</param>
    /// <param name="current">The run that is under way: its journal stays.</param>
    /// <param name="since">What is older goes.</param>
    /// <param name="limit">At most so many entries stay.</param>
    /// <returns>Entries removed; more may be left for the next time.</returns>
    public static int Execute(SqliteDatabase database, Guid current, DateTimeOffset since, long limit)
    {
        var removed = 0;
        for (var i = 0; i < Transactions; i++)
        {
            var oldest = database.Prepare(Oldest);
            if (!oldest.Step())
                return removed;
            var (run, at, entries) = (oldest.Text(0)!, oldest.Text(1)!, oldest.Integer(2));
            oldest.Reset();
            var isOld = DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time < since;
            if (run == current.ToString() || (!isOld && entries <= limit))
                return removed;
            removed += database.Write(() => Remove(database, run, at));
        }
        return removed;
    }

    /// <summary>Whether a part of a run's journal is gone.</summary>
    public static bool HasBegun(SqliteDatabase database, Guid run)
    {
        var mark = database.Prepare("SELECT 1 FROM payflow_journal WHERE run_id = ? AND op = 'P'").Bind(1, run.ToString());
        var has = mark.Step();
        mark.Reset();
        return has;
    }

    private static int Remove(SqliteDatabase database, string run, string at)
    {
        var removed = database.Prepare("DELETE FROM payflow_journal WHERE seq IN (SELECT seq FROM payflow_journal WHERE run_id = ?1 AND op <> 'P' ORDER BY seq LIMIT ?2)").Bind(1, run).Bind(2, EntriesPerTransaction).Run();
        database.Prepare("DELETE FROM payflow_journal WHERE run_id = ?1 AND op = 'P'").Bind(1, run).Run();
        if (removed == EntriesPerTransaction)
        {
            // In front of the run's other entries, so that it stays the oldest.
            database.Prepare("INSERT INTO payflow_journal (seq, run_id, table_name, op, at) SELECT min(seq) - 1, ?1, '', 'P', ?2 FROM payflow_journal").Bind(1, run).Bind(2, at).Run();
        }
        return removed;
    }
}
