using System.Runtime.CompilerServices;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>One value ready to be written to PostgreSQL, without boxing. Only the <see cref="ColumnCodec"/> that made it knows what is in it.</summary>
internal readonly struct PgCell
{
    private readonly object? _reference;
    private readonly Bits _bits;
    private readonly bool _isPresent;

    private PgCell(Bits bits, object? reference, bool isAltered)
    {
        _bits = bits;
        _reference = reference;
        _isPresent = true;
        IsAltered = isAltered;
    }

    public static PgCell Null => default;

    public bool IsNull => !_isPresent;

    /// <summary>Central will hold something else than was sent, because of the column's own scale or precision.</summary>
    public bool IsAltered { get; }

    public long AsLong => _bits.Low;

    public double AsDouble => BitConverter.Int64BitsToDouble(_bits.Low);

    public decimal AsDecimal => Unsafe.BitCast<Bits, decimal>(_bits);

    public Guid AsGuid => Unsafe.BitCast<Bits, Guid>(_bits);

    public string AsText => (string)_reference!;

    /// <summary>The bytes of a reference cell; null when the value is held inline.</summary>
    public byte[]? AsBytes => _reference as byte[];

    /// <summary>The same value, of cells that one codec made.</summary>
    public bool IsSame(in PgCell other) => _isPresent == other._isPresent && _bits == other._bits && (_reference, other._reference) switch
    {
        (byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right),
        var (left, right) => Equals(left, right),
    };

    public static PgCell Of(long value, bool isAltered = false) => new(new Bits(value, 0), null, isAltered);

    public static PgCell Of(double value, bool isAltered = false) => new(new Bits(BitConverter.DoubleToInt64Bits(value), 0), null, isAltered);

    public static PgCell Of(decimal value, bool isAltered = false) => new(Unsafe.BitCast<decimal, Bits>(value), null, isAltered);

    public static PgCell Of(Guid value) => new(Unsafe.BitCast<Guid, Bits>(value), null, false);

    public static PgCell Of(string value, bool isAltered = false) => new(default, value, isAltered);

    public static PgCell Of(byte[] value, bool isAltered = false) => new(default, value, isAltered);

    private readonly record struct Bits(long Low, long High);
}
