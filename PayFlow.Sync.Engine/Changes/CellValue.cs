using System.Globalization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// One value on its way: one of SQLite's five storage classes, without boxing. Both sides speak this form and nothing else;
/// what a value means in a PostgreSQL type is known to <c>Central</c> alone, how a terminal's column holds it to <c>Terminals</c> alone.
/// </summary>
/// <remarks>
/// The neutral forms of types that SQLite does not have: booleans are integers 0 and 1; exact decimals are text (<c>12.50</c>);
/// timestamps are ISO 8601 text <c>2024-01-31T23:59:59.123456</c> (fraction only as long as needed; <c>timestamptz</c> ends in <c>Z</c>), dates <c>2024-01-31</c>;
/// uuids are lower-case text; every other type is its PostgreSQL text form.
/// </remarks>
public readonly struct CellValue : IEquatable<CellValue>
{
    private readonly object? _reference;
    private readonly long _bits;

    private CellValue(CellKind kind, long bits, object? reference)
    {
        Kind = kind;
        _bits = bits;
        _reference = reference;
    }

    public static CellValue Null => default;

    public CellKind Kind { get; }

    public bool IsNull => Kind == CellKind.Null;

    public static CellValue Of(long value) => new(CellKind.Integer, value, null);

    public static CellValue Of(double value) => new(CellKind.Real, BitConverter.DoubleToInt64Bits(value), null);

    public static CellValue Of(string value) => new(CellKind.Text, 0, value);

    public static CellValue Of(byte[] value) => new(CellKind.Blob, 0, value);

    public static CellValue LocalReference(string localKey) => new(CellKind.LocalReference, 0, localKey);

    /// <summary>The integer; meaningful only when <see cref="Kind"/> is <see cref="CellKind.Integer"/>.</summary>
    public long AsInteger => _bits;

    /// <summary>The double; meaningful only when <see cref="Kind"/> is <see cref="CellKind.Real"/>.</summary>
    public double AsReal => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The string of a text or a local reference.</summary>
    public string AsText => (string)_reference!;

    /// <summary>The bytes of a blob; not to be altered.</summary>
    public byte[] AsBlob => (byte[])_reference!;

    /// <summary>The same storage class and the same bits: byte for byte for text, bit for bit for doubles.</summary>
    public bool Equals(CellValue other) => Kind == other.Kind && Kind switch
    {
        CellKind.Null => true,
        CellKind.Integer or CellKind.Real => _bits == other._bits,
        CellKind.Blob => AsBlob.AsSpan().SequenceEqual(other.AsBlob),
        _ => string.Equals(AsText, other.AsText, StringComparison.Ordinal),
    };

    public override bool Equals(object? obj) => obj is CellValue other && Equals(other);

    public override int GetHashCode() => Kind switch
    {
        CellKind.Blob => HashCode.Combine(Kind, AsBlob.Length, AsBlob.Length > 0 ? AsBlob[0] : 0),
        CellKind.Integer or CellKind.Real => HashCode.Combine(Kind, _bits),
        _ => HashCode.Combine(Kind, _reference),
    };

    public static bool operator ==(CellValue left, CellValue right) => left.Equals(right);

    public static bool operator !=(CellValue left, CellValue right) => !left.Equals(right);

    /// <summary>The value as people read it and as keys are written: integers and doubles invariant and round-trip, blobs as <c>\x0a1b</c>, NULL as the empty string.</summary>
    public override string ToString() => Kind switch
    {
        CellKind.Null => string.Empty,
        CellKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        CellKind.Real => AsReal.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Blob => "\\x" + Convert.ToHexStringLower(AsBlob),
        _ => AsText,
    };
}
