namespace PayFlow.Faults.Line;

/// <summary>Reads from a connection up to a mark or by count, and keeps what came along.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Everything through the mark; null when the connection ended before it.</summary>
    public async Task<byte[]?> ThroughAsync(byte[] mark)
    {
        int at;
        while ((at = _buffer.AsSpan(_start.._end).IndexOf(mark)) < 0)
        {
            if (!await FillAsync())
                return null;
        }
        return Take(at + mark.Length);
    }

    /// <summary>So many bytes; null when the connection ended before.</summary>
    public async Task<byte[]?> ExactlyAsync(int count)
    {
        while (_end - _start < count)
        {
            if (!await FillAsync())
                return null;
        }
        return Take(count);
    }

    /// <summary>Whatever comes until the other side closes.</summary>
    public async Task<byte[]> ToEndAsync()
    {
        while (await FillAsync())
        {
            // More of it.
        }
        return Take(_end - _start);
    }

    private async Task<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    private byte[] Take(int count)
    {
        var taken = _buffer[_start..(_start + count)];
        _start += count;
        return taken;
    }
}
