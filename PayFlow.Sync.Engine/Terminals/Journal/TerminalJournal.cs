using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary>
/// Notes everything that a run writes into the terminal's rows, in the transaction that writes it: changed and deleted rows with their images, at once;
/// inserted ones by key and hash, many in one entry, when their page ends.
/// </summary>
internal sealed class TerminalJournal(SqliteDatabase database, TimeProvider time)
{
    private const int RowsPerChunk = 1_000;

    private readonly List<KeyChunk> _chunks = [];
    private string _run = string.Empty;

    /// <summary>The run whose writing is noted; set by the session before anything is written.</summary>
    public void Begin(Guid run)
    {
        _run = run.ToString();
        _chunks.Clear();
    }

    /// <summary>Forgets inserts that were noted in a transaction that came to nothing; to be called where the next one begins.</summary>
    public void Discard() => _chunks.Clear();

    /// <summary>Notes an inserted row; it is written by <see cref="Flush"/>.</summary>
    public void Inserted(string table, string serverKey, ulong hash)
    {
        if (_chunks.Count == 0 || !ReferenceEquals(_chunks[^1].Table, table) || _chunks[^1].Count >= RowsPerChunk)
            _chunks.Add(new KeyChunk(table));
        _chunks[^1].Add(serverKey, hash);
    }

    /// <param name="table">The row's table.</param>
    /// <param name="key">Its own key.</param>
    /// <param name="before">Its image as JSON; null when there was no row.</param>
    /// <param name="after">The same afterwards; null when the row is gone.</param>
    public void Changed(string table, string key, string? before, string? after) =>
        Entry(table, before is null ? "I" : after is null ? "D" : "U").Bind(5, key).Bind(6, null).Bind(7, before).Bind(8, after).Run();

    /// <summary>The place to which <see cref="ReturnTo"/> goes back.</summary>
    public JournalMark Mark() => _chunks.Count == 0 ? default : new JournalMark(_chunks.Count, _chunks[^1].Length, _chunks[^1].Count);

    /// <summary>Takes back the inserts noted since, because their savepoint is rolled back.</summary>
    public void ReturnTo(JournalMark mark)
    {
        _chunks.RemoveRange(mark.Chunks, _chunks.Count - mark.Chunks);
        if (mark.Chunks > 0)
            _chunks[^1].Cut(mark.Length, mark.Count);
    }

    /// <summary>Writes what was inserted; to be called at the end of a page, in its transaction.</summary>
    public void Flush()
    {
        foreach (var chunk in _chunks.Where(c => c.Count > 0))
            Entry(chunk.Table, "I").Bind(5, null).Bind(6, CellValue.Of(chunk.Bytes.ToArray())).Bind(7, null).Bind(8, null).Run();
        _chunks.Clear();
    }

    private SqliteStatement Entry(string table, string op) =>
        database.Prepare("INSERT INTO payflow_journal (run_id, table_name, op, at, key, keys, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            .Bind(1, _run).Bind(2, table).Bind(3, op).Bind(4, TerminalStore.Instant(time.GetUtcNow()));
}
