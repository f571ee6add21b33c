using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>
/// Writes PostgreSQL's binary COPY format into a buffer of its own: each field is its length, or -1 for NULL, and its bytes. Npgsql's importer looks every value's
/// type up again; here the codec has chosen the method.
/// </summary>
/// <remarks>https://www.postgresql.org/docs/current/sql-copy.html, binary format</remarks>
internal sealed class CopyWriter(NpgsqlRawCopyStream stream, int columns)
{
    private const int FlushAt = 64 * 1024;

    /// <summary>The longest field that is laid straight into the buffer.</summary>
    private const int Headroom = 4 * 1024;

    // "PGCOPY\n\377\r\n\0", no flags, no extension.
    private static readonly byte[] Header = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly byte[] _buffer = new byte[FlushAt + Headroom];
    private int _length;

    public void Begin()
    {
        Header.CopyTo(_buffer, 0);
        _length = Header.Length;
    }

    public void StartRow()
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(2), (short)columns);
        _length += 2;
    }

    public void WriteNull() => WriteLength(-1, 4);

    public void Write(bool value)
    {
        WriteLength(1, 5);
        _buffer[_length++] = value ? (byte)1 : (byte)0;
    }

    public void Write(short value)
    {
        WriteLength(2, 6);
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), value);
        _length += 2;
    }

    public void Write(int value)
    {
        WriteLength(4, 8);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_length), value);
        _length += 4;
    }

    public void Write(long value)
    {
        WriteLength(8, 12);
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    public void Write(float value) => Write(BitConverter.SingleToInt32Bits(value));

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    public void Write(Guid value)
    {
        WriteLength(16, 20);
        value.TryWriteBytes(_buffer.AsSpan(_length), bigEndian: true, out _);
        _length += 16;
    }

    public void Write(decimal value)
    {
        var room = Room(4 + NumericWire.LongestDecimal);
        var length = NumericWire.Write(value, room[4..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        _length += 4 + length;
    }

    public void Write(string value)
    {
        if (Encoding.UTF8.GetMaxByteCount(value.Length) > Headroom - 4)
        {
            Write(Encoding.UTF8.GetBytes(value));
            return;
        }
        var room = Room(Headroom);
        var length = Encoding.UTF8.GetBytes(value, room[4..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        _length += 4 + length;
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length, 4);
        if (value.Length <= _buffer.Length - _length)
        {
            value.CopyTo(_buffer.AsSpan(_length));
            _length += value.Length;
            return;
        }
        Flush();
        stream.Write(value);
    }

    /// <summary>Ends the data; the stream's disposal then ends the COPY.</summary>
    public void End()
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(2), -1);
        _length += 2;
        Flush();
    }

    private void WriteLength(int length, int room)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(room), length);
        _length += 4;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
            Flush();
        return _buffer.AsSpan(_length);
    }

    private void Flush()
    {
        stream.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
