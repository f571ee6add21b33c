using System.Globalization;
using System.Numerics;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// A decimal number of any length, exactly as it was written: <c>Digits × 10^-Scale</c>, digits without leading or trailing zeros.
/// It serves where <see cref="decimal"/> is too short: PostgreSQL's <c>numeric</c> has up to 131,072 digits before the point.
/// </summary>
public readonly struct ExactDecimal : IEquatable<ExactDecimal>
{
    /// <summary>Beyond every exponent that PostgreSQL's numeric or a double can have; keeps a hostile <c>1e999999999</c> from being spelled out.</summary>
    private const int LargestExponent = 200_000;

    private readonly string? _digits;

    private ExactDecimal(bool negative, ReadOnlySpan<char> digits, int scale, int writtenScale)
    {
        digits = digits.TrimStart('0');
        var trimmed = digits.TrimEnd('0');
        _digits = trimmed.Length == 0 ? null : trimmed.ToString();
        IsNegative = negative && trimmed.Length > 0;
        Scale = trimmed.Length == 0 ? 0 : scale - (digits.Length - trimmed.Length);
        WrittenScale = Math.Max(0, writtenScale);
    }

    public bool IsNegative { get; }

    public string Digits => _digits ?? string.Empty;

    /// <summary>Digits after the point that matter; negative when the number ends in zeros before the point.</summary>
    public int Scale { get; }

    /// <summary>Digits after the point as written: 2 for <c>1.50</c>.</summary>
    public int WrittenScale { get; }

    /// <summary>Digits before the point; zero or less when the number is smaller than one.</summary>
    public int WholeDigits => Digits.Length - Scale;

    public bool IsZero => _digits is null;

    public bool IsWhole => Scale <= 0;

    /// <summary>Reads <c>[+-]digits[.digits][e[+-]digits]</c>, blanks around it allowed; false also for exponents that nothing can hold.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ExactDecimal value)
    {
        value = default;
        if (!TrySplit(text, out var negative, out var whole, out var fraction, out var power))
            return false;
        var exponent = 0;
        if (!power.IsEmpty && (!int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs((long)exponent) > LargestExponent))
            return false;
        var scale = fraction.Length - exponent;
        value = fraction.IsEmpty ? new ExactDecimal(negative, whole, scale, scale) : new ExactDecimal(negative, string.Concat(whole, fraction), scale, scale);
        return true;
    }

    /// <summary>The text is spelled as a number, however large.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text) => TrySplit(text, out _, out _, out _, out _);

    /// <summary>
    /// The quick way for what tills mostly hold: at most 18 digits and no exponent, as <c>±mantissa × 10^-scale</c>. False says only that it is not that simple.
    /// </summary>
    public static bool TryParseShort(ReadOnlySpan<char> text, out long mantissa, out int scale)
    {
        mantissa = 0;
        scale = 0;
        var i = text is ['-', ..] ? 1 : 0;
        var digits = text.Length - i;
        if (digits is 0 or > 19)
            return false;
        var point = -1;
        for (var start = i; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= '0' and <= '9')
                mantissa = mantissa * 10 + (c - '0');
            else if (c == '.' && point < 0 && i > start && i < text.Length - 1)
                point = i;
            else
                return false;
        }
        if (point < 0 && digits == 19)
            return false;
        scale = point < 0 ? 0 : text.Length - point - 1;
        if (text[0] == '-')
            mantissa = -mantissa;
        return true;
    }

    /// <summary>The shortest decimal that reads back as this double: 0.1 is 0.1. The double must be finite.</summary>
    public static ExactDecimal Of(double value)
    {
        Span<char> buffer = stackalloc char[32];
        value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture);
        return TryParse(buffer[..length], out var result) ? result : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public static ExactDecimal Of(long value)
    {
        Span<char> buffer = stackalloc char[24];
        value.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture);
        return TryParse(buffer[..length], out var result) ? result : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>The number that a value spells, if it spells one.</summary>
    public static bool TryRead(in CellValue value, out ExactDecimal number)
    {
        number = default;
        switch (value.Kind)
        {
            case CellKind.Integer:
                number = Of(value.AsInteger);
                return true;
            case CellKind.Real when double.IsFinite(value.AsReal):
                number = Of(value.AsReal);
                return true;
            case CellKind.Text:
                return TryParse(value.AsText, out number);
            default:
                return false;
        }
    }

    /// <summary>Rounded half away from zero to that many digits after the point, as PostgreSQL does it.</summary>
    public ExactDecimal Round(int scale)
    {
        if (Scale <= scale)
            return this;
        var keep = Digits.Length - (Scale - scale);
        if (keep < 0)
            return new ExactDecimal(false, default, 0, scale);
        var kept = ("0" + Digits[..keep]).ToCharArray();
        if (Digits[keep] >= '5')
        {
            var i = kept.Length - 1;
            while (kept[i] == '9')
                kept[i--] = '0';
            kept[i]++;
        }
        return new ExactDecimal(IsNegative, kept, scale, scale);
    }

    public static ExactDecimal operator +(in ExactDecimal left, in ExactDecimal right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        var sum = left.Scaled(scale) + right.Scaled(scale);
        return new ExactDecimal(sum.Sign < 0, BigInteger.Abs(sum).ToString(CultureInfo.InvariantCulture), scale, Math.Max(left.WrittenScale, right.WrittenScale));
    }

    public static ExactDecimal operator -(in ExactDecimal left, in ExactDecimal right) => left + new ExactDecimal(!right.IsNegative, right.Digits, right.Scale, right.WrittenScale);

    // As a whole number of units of 10^-scale.
    private BigInteger Scaled(int scale)
    {
        var digits = IsZero ? BigInteger.Zero : BigInteger.Parse(Digits, CultureInfo.InvariantCulture) * BigInteger.Pow(10, scale - Scale);
        return IsNegative ? -digits : digits;
    }

    public bool TryToInt64(out long value)
    {
        value = 0;
        return IsWhole && WholeDigits <= 19
            && long.TryParse(ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public bool Equals(ExactDecimal other) => IsNegative == other.IsNegative && Scale == other.Scale && string.Equals(_digits, other._digits, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is ExactDecimal other && Equals(other);

    public static bool operator ==(ExactDecimal left, ExactDecimal right) => left.Equals(right);

    public static bool operator !=(ExactDecimal left, ExactDecimal right) => !left.Equals(right);

    public override int GetHashCode() => HashCode.Combine(IsNegative, Scale, _digits);

    /// <summary>Spelled out without an exponent and without needless zeros.</summary>
    public override string ToString()
    {
        if (IsZero)
            return "0";
        var digits = Scale < 0 ? Digits + new string('0', -Scale) : Digits;
        var sign = IsNegative ? "-" : "";
        if (Scale <= 0)
            return sign + digits;
        return digits.Length > Scale
            ? $"{sign}{digits.AsSpan(0, digits.Length - Scale)}.{digits.AsSpan(digits.Length - Scale)}"
            : $"{sign}0.{digits.PadLeft(Scale, '0')}";
    }

    /// <summary>As <see cref="ToString"/>, with as many digits after the point as were written.</summary>
    public string ToWrittenString()
    {
        var text = ToString();
        var missing = WrittenScale - Math.Max(0, Scale);
        return missing <= 0 ? text : (Scale > 0 ? text : text + ".") + new string('0', missing);
    }

    private static bool TrySplit(ReadOnlySpan<char> text, out bool negative, out ReadOnlySpan<char> whole, out ReadOnlySpan<char> fraction, out ReadOnlySpan<char> power)
    {
        text = text.Trim(" \t\r\n\f\v");
        negative = text is ['-', ..];
        if (text is ['-' or '+', ..])
            text = text[1..];
        var e = text.IndexOfAny('e', 'E');
        power = e < 0 ? default : text[(e + 1)..];
        text = e < 0 ? text : text[..e];
        var point = text.IndexOf('.');
        whole = point < 0 ? text : text[..point];
        fraction = point < 0 ? default : text[(point + 1)..];
        var powerDigits = power is ['-' or '+', ..] ? power[1..] : power;
        return whole.Length + fraction.Length > 0 && (e < 0 || powerDigits.Length > 0)
            && !whole.ContainsAnyExceptInRange('0', '9') && !fraction.ContainsAnyExceptInRange('0', '9') && !powerDigits.ContainsAnyExceptInRange('0', '9');
    }
}
