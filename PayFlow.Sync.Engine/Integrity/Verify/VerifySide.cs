using System.Threading.Channels;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>One side's rows, one after the other, and proof that their keys rise.</summary>
internal sealed class VerifySide
{
    private readonly VerifyTable _table;
    private readonly VerifyTerminalReader? _terminal;
    private readonly ChannelReader<VerifyChunk>? _filled;
    private readonly ChannelWriter<VerifyChunk>? _used;
    private CellValue[] _key;
    private CellValue[] _previous;
    private VerifyChunk? _chunk;
    private int _row = -1;
    private bool _isFirst = true;

    public VerifySide(VerifyTable table, ChannelReader<VerifyChunk> filled, ChannelWriter<VerifyChunk> used)
        : this(table)
    {
        _filled = filled;
        _used = used;
    }

    public VerifySide(VerifyTable table, VerifyTerminalReader terminal)
        : this(table)
    {
        _terminal = terminal;
        _chunk = new VerifyChunk(table.TerminalWidth);
    }

    private VerifySide(VerifyTable table)
    {
        _table = table;
        _key = new CellValue[table.Order.Count];
        _previous = new CellValue[table.Order.Count];
    }

    public ReadOnlySpan<CellValue> Row => _chunk!.Row(_row);

    public ReadOnlySpan<CellValue> Key => _key;

    /// <summary>Goes on to the next row; false at the end.</summary>
    /// <exception cref="VerifyOrderException">Its key is not behind the one before.</exception>
    public bool Next()
    {
        if ((_chunk is null || ++_row >= _chunk.Rows) && !NextChunk())
            return false;
        (_previous, _key) = (_key, _previous);
        if (_terminal is null)
            _table.ReadCentralKey(Row, _key);
        else
            _table.ReadTerminalKey(Row, _key);
        // Two rows of a linked table may name one central row, which is one too many; what is compared twice is found.
        if (!_isFirst && _table.Order.Compare(_previous, _key) is var order && (order > 0 || (order == 0 && _terminal is null)))
            throw new VerifyOrderException($"{_table.Plan.Name}: {RowKey.Format(_key)} came behind {RowKey.Format(_previous)}", _terminal is not null);
        _isFirst = false;
        return true;
    }

    private bool NextChunk()
    {
        _row = 0;
        if (_terminal is not null)
            return _terminal.Read(_chunk!);
        if (_chunk is not null)
            _used!.TryWrite(_chunk);
        _chunk = null;
        if (!_filled!.TryRead(out _chunk))
        {
            if (!_filled.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                return false;
            _filled.TryRead(out _chunk);
        }
        return _chunk is not null;
    }
}
