using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>
/// Rows of a page whose unique values other rows of this terminal still have. They are written when the page is through, for those may have given them up by then; and rows that exchange
/// their values give them up first, all together or not at all.
/// </summary>
internal sealed class ClashingRows(SqliteDatabase database, IReadOnlyDictionary<string, RowApplier> appliers, TerminalJournal journal)
{
    private readonly List<(IncomingRow Row, string Reason)> _rows = [];

    public int Count => _rows.Count;

    /// <summary>The rows noted so far, with the reason.</summary>
    public List<(IncomingRow Row, string Reason)> Noted => [.. _rows];

    /// <summary>Notes a refused row; false when it was refused for another reason.</summary>
    public bool TryAdd(IncomingRow row, Exception refusal)
    {
        // https://www.sqlite.org/rescode.html#constraint_unique; the words are the library's, in no other language.
        if (refusal is not SqliteRowException || !refusal.Message.Contains("UNIQUE constraint failed", StringComparison.Ordinal))
            return false;
        _rows.Add((row, refusal.Message));
        return true;
    }

    /// <summary>Forgets the rows noted behind a place, because what was done there was undone.</summary>
    public void CutTo(int count) => _rows.RemoveRange(count, _rows.Count - count);

    /// <summary>Writes what can be written now.</summary>
    /// <param name="now">For the bookkeeping columns.</param>
    /// <param name="written">Told of every row that was.</param>
    /// <returns>The rows that are still refused, with the reason.</returns>
    public List<(IncomingRow Row, string Reason)> Settle(string now, Action<IncomingRow, ApplyOutcome> written)
    {
        var left = _rows.ToList();
        _rows.Clear();
        for (var before = left.Count + 1; left.Count > 0 && left.Count < before;)
        {
            before = left.Count;
            left = [.. left.Select(r => (r.Row, Reason: TryWrite(r.Row, now, written))).Where(r => r.Reason is not null).Select(r => (r.Row, r.Reason!))];
            if (left.Count > 1 && TryExchange(left, now, written))
                return [];
            // Of thousands of rows that each take the next one's value, one goes at a time from the one end, and all from the other.
            left.Reverse();
        }

        return left;
    }

    private string? TryWrite(IncomingRow row, string now, Action<IncomingRow, ApplyOutcome> written)
    {
        try
        {
            written(row, appliers[row.Table.Name].Apply(row.Key, row.Values, now));
            return null;
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            return e.Message;
        }
    }

    private bool TryExchange(List<(IncomingRow Row, string Reason)> rows, string now, Action<IncomingRow, ApplyOutcome> written)
    {
        database.Execute("SAVEPOINT exchange");
        var mark = journal.Mark();
        var done = new List<(IncomingRow Row, ApplyOutcome Outcome)>();
        var fits = rows.TrueForAll(r => TryPark(r.Row)) && rows.TrueForAll(r => TryWrite(r.Row, now, (row, outcome) => done.Add((row, outcome))) is null);
        database.Execute(fits ? "RELEASE exchange" : "ROLLBACK TO exchange; RELEASE exchange");
        if (!fits)
            journal.ReturnTo(mark);
        else
            done.ForEach(d => written(d.Row, d.Outcome));
        return fits;
    }

    private bool TryPark(IncomingRow row)
    {
        try
        {
            appliers[row.Table.Name].Park(row.Key, row.Values!);
            return true;
        }
        catch (Exception e) when (e is SqliteRowException or RowRefusedException)
        {
            // The column takes no other value, not even for a moment: the rows stay refused, with their own reasons.
            return false;
        }
    }
}
