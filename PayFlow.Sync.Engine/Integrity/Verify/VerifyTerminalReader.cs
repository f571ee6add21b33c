using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// Reads one table of a terminal in the order of central's keys, chunk by chunk. Each chunk is a reading of its own: a POS program whose file has a rollback journal waits
/// for a few milliseconds at most, and one with a write-ahead log can checkpoint. What changes between two chunks is looked at again at the end.
/// </summary>
internal sealed class VerifyTerminalReader(SqliteDatabase database, VerifyTable table)
{
    private const int RowsPerChunk = 2_000;

    private readonly VerifyTerminalSql _sql = new(table);
    private bool _isSorted;
    private CellValue[]? _behind;

    /// <summary>Whether an index of the file has the rows in the order of central's keys, so that they need not be sorted first.</summary>
    public bool HasIndex()
    {
        var plan = database.Prepare("EXPLAIN QUERY PLAN " + _sql.Native(resumes: false, RowsPerChunk));
        var sorts = false;
        while (plan.Step())
            sorts |= plan.Text(3)!.Contains("TEMP B-TREE", StringComparison.Ordinal);
        return !sorts;
    }

    /// <summary>Sorts the keys of the whole table on the disk, by central's order; afterwards rows are read by them.</summary>
    public void Sort(CancellationToken cancellationToken)
    {
        database.Execute(_sql.CreateSorted);
        _isSorted = true;
        _behind = null;
        var key = new CellValue[table.Order.Count];
        foreach (var keys in OwnKeyChunks(_sql.Keys, cancellationToken))
        {
            // In a transaction of the temporary database alone.
            database.Execute("BEGIN");
            foreach (var row in keys)
            {
                table.ReadTerminalKey(row, key);
                var insert = database.Prepare(_sql.InsertSorted);
                for (var i = 0; i < key.Length; i++)
                    insert.Bind(i + 1, table.Order.Sortable(key[i], i));
                var own = table.OwnKey(row);
                for (var i = 0; i < own.Length; i++)
                    insert.Bind(key.Length + i + 1, own[i]);
                insert.Run();
            }
            database.Execute("COMMIT");
        }
    }

    /// <summary>Fills the chunk with the next rows; false when there are none.</summary>
    public bool Read(VerifyChunk chunk)
    {
        chunk.Clear();
        var resumes = _behind is not null;
        var statement = database.Prepare(_isSorted ? _sql.Sorted(resumes, RowsPerChunk) : _sql.Native(resumes, RowsPerChunk));
        for (var i = 0; resumes && i < _behind!.Length; i++)
            statement.Bind(i + 1, _behind[i]);
        var size = 0L;
        while (size < RowSize.Batch && statement.Step())
        {
            var row = chunk.Add();
            ReadCells(statement, row);
            size += Weight(row);
            if (_isSorted)
                _behind = [.. Enumerable.Range(table.TerminalWidth, _sql.SortedColumns.Count).Select(statement.Column)];
        }
        statement.Reset();
        if (chunk.Rows == 0)
            return false;
        if (!_isSorted)
        {
            var last = chunk.Row(chunk.Rows - 1);
            _behind = table.IsLinked ? [last[table.Plan.Columns.Count], .. table.OwnKey(last)] : table.OwnKey(last);
        }
        return true;
    }

    /// <summary>The rows that know no central row, chunk by chunk.</summary>
    public IEnumerable<IReadOnlyList<CellValue[]>> Unlinked(CancellationToken cancellationToken) => table.IsLinked ? OwnKeyChunks(_sql.Unlinked, cancellationToken) : [];

    private IEnumerable<IReadOnlyList<CellValue[]>> OwnKeyChunks(Func<bool, int, string> sql, CancellationToken cancellationToken)
    {
        CellValue[]? behind = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var statement = database.Prepare(sql(behind is not null, RowsPerChunk));
            for (var i = 0; behind is not null && i < behind.Length; i++)
                statement.Bind(i + 1, behind[i]);
            var rows = new List<CellValue[]>();
            while (statement.Step())
            {
                var row = new CellValue[table.TerminalWidth];
                ReadCells(statement, row);
                rows.Add(row);
                behind = [.. Enumerable.Range(table.TerminalWidth, _sql.OrderedOwnKey.Count).Select(statement.Column)];
            }
            if (rows.Count == 0)
                yield break;
            yield return rows;
        }
    }

    private static void ReadCells(SqliteStatement statement, Span<CellValue> row)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] = statement.Column(i);
    }

    private static long Weight(ReadOnlySpan<CellValue> row)
    {
        var size = 0L;
        foreach (ref readonly var cell in row)
            size += cell.Kind switch { CellKind.Text => 2L * cell.AsText.Length, CellKind.Blob => cell.AsBlob.LongLength, _ => 0 };
        return size;
    }
}
