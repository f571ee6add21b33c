using System.Buffers.Binary;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>
/// PostgreSQL's binary form of numeric (numeric.c, <c>numeric_recv</c>): digit count, weight of the first digit, sign and display scale, then
/// digits to the base 10,000, all 16 bits wide.
/// </summary>
internal static class NumericWire
{
    /// <summary>NaN: no digits, sign 0xC000.</summary>
    public static readonly byte[] NaN = [0, 0, 0, 0, 0xC0, 0, 0, 0];

    private static readonly UInt128[] Pads = [1, 10, 100, 1_000];

    private static readonly byte[] PositiveInfinity = [0, 0, 0, 0, 0xD0, 0, 0, 0];
    private static readonly byte[] NegativeInfinity = [0, 0, 0, 0, 0xF0, 0, 0, 0];

    /// <summary>NaN or an infinity, if that is what the value spells.</summary>
    public static byte[]? Special(in CellValue value)
    {
        if (value.Kind is not (CellKind.Text or CellKind.Real))
            return null;
        return value.ToString().Trim().ToLowerInvariant() switch
        {
            "nan" => NaN,
            "infinity" or "inf" or "+infinity" => PositiveInfinity,
            "-infinity" or "-inf" => NegativeInfinity,
            _ => null,
        };
    }

    /// <summary>Bytes that any <see cref="decimal"/> takes at most: 28 digits lie in 9 groups at most.</summary>
    public const int LongestDecimal = 8 + 2 * 9;

    /// <summary>Lays out a decimal, with as many digits after the point as it has.</summary>
    /// <returns>The length in bytes.</returns>
    public static int Write(decimal value, Span<byte> room)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        // Whole groups of four digits after the point.
        var mantissa = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]) * Pads[(4 - scale % 4) % 4];
        Span<ushort> groups = stackalloc ushort[9];
        var count = 0;
        for (; mantissa > ulong.MaxValue; mantissa /= 10_000)
            groups[count++] = (ushort)(mantissa % 10_000);
        for (var low = (ulong)mantissa; low > 0; low /= 10_000)
            groups[count++] = (ushort)(low % 10_000);
        var weight = count - 1 - (scale + 3) / 4;
        var last = 0;
        while (last < count && groups[last] == 0)
            last++;
        var digits = count - last;
        BinaryPrimitives.WriteInt16BigEndian(room, (short)digits);
        BinaryPrimitives.WriteInt16BigEndian(room[2..], (short)(digits == 0 ? 0 : weight));
        BinaryPrimitives.WriteUInt16BigEndian(room[4..], (ushort)(bits[3] < 0 && digits > 0 ? 0x4000 : 0));
        BinaryPrimitives.WriteInt16BigEndian(room[6..], (short)scale);
        for (var i = 0; i < digits; i++)
            BinaryPrimitives.WriteUInt16BigEndian(room[(8 + 2 * i)..], groups[count - 1 - i]);
        return 8 + 2 * digits;
    }

    /// <param name="number">The number, rounded already.</param>
    /// <param name="scale">The column's scale; as written when null.</param>
    public static byte[] Encode(ExactDecimal number, int? scale)
    {
        var shown = Math.Max(0, scale ?? Math.Max(number.WrittenScale, number.Scale));
        var digits = number.Scale < 0 ? number.Digits + new string('0', -number.Scale) : number.Digits;
        var fractionLength = Math.Max(0, number.Scale);
        var padded = digits.Length < fractionLength ? digits.PadLeft(fractionLength, '0') : digits;
        var wholeLength = padded.Length - fractionLength;
        var lead = (4 - wholeLength % 4) % 4;
        var groups = Group(new string('0', lead) + padded);
        var weight = (wholeLength + lead) / 4 - 1;
        var first = 0;
        while (first < groups.Length && groups[first] == 0)
            first++;
        var last = groups.Length;
        while (last > first && groups[last - 1] == 0)
            last--;
        return Lay(groups.AsSpan(first..last), first == last ? 0 : weight - first, number.IsNegative, shown);
    }

    private static ushort[] Group(string digits)
    {
        var groups = new ushort[(digits.Length + 3) / 4];
        for (var i = 0; i < groups.Length * 4; i++)
            groups[i / 4] = (ushort)(groups[i / 4] * 10 + (i < digits.Length ? digits[i] - '0' : 0));
        return groups;
    }

    private static byte[] Lay(ReadOnlySpan<ushort> groups, int weight, bool negative, int scale)
    {
        var bytes = new byte[8 + groups.Length * 2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)groups.Length);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2), (short)weight);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)(negative ? 0x4000 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)scale);
        for (var i = 0; i < groups.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8 + i * 2), groups[i]);
        return bytes;
    }
}
