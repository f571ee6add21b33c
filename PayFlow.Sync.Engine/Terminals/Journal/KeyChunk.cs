using System.Buffers.Binary;
using System.Text;

namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary>
/// Many inserted rows as one journal entry: each row's key (its length, its UTF-8) and eight bytes of hash. A key that is a uuid as PostgreSQL writes it
/// has the length <see cref="UuidLength"/> and sixteen bytes, because a first load's journal is to be read and written by the disk as well.
/// </summary>
internal sealed class KeyChunk(string table)
{
    private const int UuidLength = -1;
    private const int UuidBytes = 16;
    private const int UuidDigits = 36;

    private byte[] _bytes = new byte[32 * 1024];

    public string Table => table;

    public int Length { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Add(string key, ulong hash)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(key.Length) + sizeof(int) + sizeof(ulong);
        if (_bytes.Length - Length < longest)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + longest));
        var free = _bytes.AsSpan(Length);
        var isUuid = TryWriteUuid(key, free[sizeof(int)..]);
        var written = isUuid ? UuidBytes : Encoding.UTF8.GetBytes(key, free[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(free, isUuid ? UuidLength : written);
        BinaryPrimitives.WriteUInt64LittleEndian(free[(sizeof(int) + written)..], hash);
        Length += sizeof(int) + written + sizeof(ulong);
        Count++;
    }

    /// <summary>Takes back what was added behind a place.</summary>
    public void Cut(int length, int count) => (Length, Count) = (length, count);

    public static IEnumerable<(string Key, ulong Hash)> Read(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            at += sizeof(int);
            var key = length == UuidLength ? new Guid(bytes.AsSpan(at, UuidBytes), bigEndian: true).ToString() : Encoding.UTF8.GetString(bytes, at, length);
            at += length == UuidLength ? UuidBytes : length;
            yield return (key, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            at += sizeof(ulong);
        }
    }

    // Only what reads back as it was: no capitals, and no sign or 0x inside, which the parser takes as well.
    private static bool TryWriteUuid(string key, Span<byte> bytes)
    {
        Span<char> written = stackalloc char[UuidDigits];
        return key.Length == UuidDigits && Guid.TryParseExact(key, "D", out var uuid) && uuid.TryFormat(written, out _) && written.SequenceEqual(key)
            && uuid.TryWriteBytes(bytes, bigEndian: true, out _);
    }
}
