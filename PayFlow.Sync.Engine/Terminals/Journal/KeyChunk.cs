using System.Buffers.Binary;
using System.Text;

namespace PayFlow.Sync.Engine.Terminals.Journal;

/// <summary>Many inserted rows as one journal entry: each row's key (its length, its UTF-8) and eight bytes of hash.</summary>
internal sealed class KeyChunk(string table)
{
    private byte[] _bytes = new byte[4096];

    public string Table => table;

    public int Length { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Add(string key, ulong hash)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(key.Length) + sizeof(int) + sizeof(ulong);
        if (_bytes.Length - Length < longest)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + longest));
        var written = Encoding.UTF8.GetBytes(key, _bytes.AsSpan(Length + sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(Length), written);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Length + sizeof(int) + written), hash);
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
            var key = Encoding.UTF8.GetString(bytes, at + sizeof(int), length);
            at += sizeof(int) + length;
            yield return (key, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            at += sizeof(ulong);
        }
    }
}
