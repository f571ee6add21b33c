using System.Numerics;
using System.Runtime.InteropServices;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// The checksum of what travels: CRC-32C in two lanes, over every value with its storage class and length before it, so that no two contents are written alike.
/// It is made where a batch, a page or a stream is built, and checked before any of it is applied: against damage, not against forgery.
/// </summary>
/// <remarks>
/// A processor does CRC-32C (RFC 3720, appendix B.4) eight bytes at a time; words go to the two lanes by turns, so that neither waits for the other. Texts count as UTF-16, as they are in memory.
/// </remarks>
internal struct ChangeChecksum
{
    private const ulong Missing = ulong.MaxValue;

    private uint _even;
    private uint _odd;

    public static ChangeChecksum Begin() => new() { _even = uint.MaxValue, _odd = 0x5EED_5EED };

    public readonly ulong Value => ((ulong)_even << 32) | _odd;

    public void Add(ulong word)
    {
        // The lanes change places with every word: a word that moves is in the other lane.
        var next = BitOperations.Crc32C(_even, word);
        _even = _odd;
        _odd = next;
    }

    public void Add(bool flag) => Add(flag ? 1UL : 0UL);

    public void Add(string? text)
    {
        if (text is null)
            Add(Missing);
        else
            Add(MemoryMarshal.AsBytes(text.AsSpan()), (CellKind)0xF0);
    }

    public void Add(in CellValue value)
    {
        switch (value.Kind)
        {
            case CellKind.Null:
                Add((ulong)CellKind.Null);
                break;
            case CellKind.Integer or CellKind.Real:
                Add((ulong)value.Kind);
                Add((ulong)value.AsInteger);
                break;
            case CellKind.Blob:
                Add(value.AsBlob, value.Kind);
                break;
            default:
                Add(MemoryMarshal.AsBytes(value.AsText.AsSpan()), value.Kind);
                break;
        }
    }

    public void Add(CellValue[]? row)
    {
        if (row is null)
        {
            Add(Missing);
            return;
        }
        Add((ulong)row.Length);
        foreach (ref readonly var cell in row.AsSpan())
            Add(cell);
    }

    private void Add(ReadOnlySpan<byte> bytes, CellKind kind)
    {
        Add((ulong)kind | ((ulong)bytes.Length << 8));
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var (left, right) = (_even, _odd);
        var i = 0;
        for (; i + 1 < words.Length; i += 2)
        {
            left = BitOperations.Crc32C(left, words[i]);
            right = BitOperations.Crc32C(right, words[i + 1]);
        }
        (_even, _odd) = (left, right);
        if (i < words.Length)
            Add(words[i]);
        if (bytes.Length % sizeof(ulong) is > 0 and var rest)
        {
            var tail = 0UL;
            bytes[^rest..].CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref tail)));
            Add(tail);
        }
    }
}
