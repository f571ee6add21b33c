namespace PayFlow.Sync.Engine.Changes;

/// <summary>About how much memory a row takes: a few pictures weigh more than thousands of sales, so whatever collects rows counts their bytes, too.</summary>
internal static class RowSize
{
    /// <summary>What a batch may weigh before it is sent.</summary>
    public const long Batch = 16 << 20;

    /// <summary>What a piece of a table may weigh that is sent as a whole.</summary>
    public const long Piece = 8 << 20;

    /// <summary>What a piece of a stream may weigh.</summary>
    public const long Chunk = 1 << 20;

    public static long Of(CellValue[]? row)
    {
        if (row is null)
            return 0;
        var size = 32L * row.Length;
        foreach (var value in row)
            size += value.Kind switch
            {
                CellKind.Blob => value.AsBlob.LongLength,
                CellKind.Text or CellKind.LocalReference => 2L * value.AsText.Length,
                _ => 0,
            };
        return size;
    }
}
