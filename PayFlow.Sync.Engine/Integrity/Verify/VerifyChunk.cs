using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>Some rows in key order, cell behind cell; used again and again, so that memory does not follow the table.</summary>
internal sealed class VerifyChunk(int width)
{
    private CellValue[] _cells = new CellValue[width * 256];

    public int Rows { get; private set; }

    public ReadOnlySpan<CellValue> Row(int index) => _cells.AsSpan(index * width, width);

    /// <summary>Room for one more row.</summary>
    public Span<CellValue> Add()
    {
        if ((Rows + 1) * width > _cells.Length)
            Array.Resize(ref _cells, _cells.Length * 2);
        return _cells.AsSpan(Rows++ * width, width);
    }

    public void Clear()
    {
        // What the cells refer to must not outlive the chunk.
        _cells.AsSpan(0, Rows * width).Clear();
        Rows = 0;
    }
}
