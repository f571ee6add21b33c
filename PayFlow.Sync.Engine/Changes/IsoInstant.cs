using System.Globalization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// A date, or a date and time, as read from text. Days and microseconds count from 2000-01-01 in the proleptic Gregorian calendar, as PostgreSQL
/// counts them, so that neither the year 10000 nor a date before Christ is a special case.
/// </summary>
internal readonly record struct IsoInstant
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Beyond it the microseconds of a day do not fit 64 bits; the year is 294277.</summary>
    private const long LargestDay = 106_751_990;

    /// <summary>From 1970-01-01 to 2000-01-01.</summary>
    public const long EpochMicroseconds = 946_684_800_000_000;

    /// <summary>Days since 2000-01-01 of the date as written.</summary>
    public long Days { get; init; }

    /// <summary>Microseconds since midnight of the time as written; up to and including a full day, because 24:00 is a time.</summary>
    public long TimeOfDay { get; init; }

    public bool HasTime { get; init; }

    public bool HasZone { get; init; }

    public int OffsetSeconds { get; init; }

    /// <summary>False when the text has more than microseconds to say; <see cref="TimeOfDay"/> is rounded then.</summary>
    public bool IsExact { get; init; }

    /// <summary>1 for <c>infinity</c>, -1 for <c>-infinity</c>, otherwise 0.</summary>
    public int Infinity { get; init; }

    public bool IsMidnight => TimeOfDay == 0;

    /// <summary>Microseconds since 2000-01-01 UTC; a text without a zone is taken to be UTC. False when it is beyond 64 bits.</summary>
    public bool TryGetMicroseconds(out long microseconds)
    {
        microseconds = Infinity > 0 ? long.MaxValue : long.MinValue;
        if (Infinity != 0)
            return true;
        if (Math.Abs(Days) > LargestDay)
            return false;
        microseconds = Days * MicrosecondsPerDay + TimeOfDay - OffsetSeconds * 1_000_000L;
        return true;
    }

    /// <summary>Reads ISO 8601 with <c>T</c> or a blank, with or without time, fraction and zone; also <c>infinity</c>, five-digit years and <c>BC</c> as PostgreSQL writes them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IsoInstant value)
    {
        value = new IsoInstant { IsExact = true };
        text = text.Trim();
        if (text.Equals("infinity", StringComparison.OrdinalIgnoreCase) || text.Equals("-infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = value with { Infinity = text[0] == '-' ? -1 : 1 };
            return true;
        }
        var beforeChrist = text.EndsWith(" BC", StringComparison.OrdinalIgnoreCase);
        if (beforeChrist)
            text = text[..^3];
        if (!TryTakeDate(ref text, beforeChrist, out var days))
            return false;
        value = value with { Days = days };
        if (text.IsEmpty)
            return true;
        if (text[0] is not ('T' or 't' or ' '))
            return false;
        text = text[1..];
        if (!TryTakeTime(ref text, out var time, out var exact) || !TryTakeZone(text, out var hasZone, out var offset))
            return false;
        value = value with { TimeOfDay = time, IsExact = exact, HasTime = true, HasZone = hasZone, OffsetSeconds = offset };
        return true;
    }

    /// <summary>Reads <c>HH:MM[:SS[.fraction]]</c>.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long microseconds, out bool exact)
    {
        text = text.Trim();
        return TryTakeTime(ref text, out microseconds, out exact) && text.IsEmpty;
    }

    /// <summary>Days since 2000-01-01; <paramref name="year"/> is astronomical: 0 is 1 BC.</summary>
    public static long DaysOf(long year, int month, int day)
    {
        // A year that begins in March has its leap day at the end, and needs no table of months.
        var y = month <= 2 ? year - 1 : year;
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - era * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 730_425;
    }

    private static bool TryTakeDate(ref ReadOnlySpan<char> text, bool beforeChrist, out long days)
    {
        days = 0;
        var yearLength = text.IndexOf('-');
        if (yearLength is < 4 or > 7 || text.Length < yearLength + 6 || text[yearLength + 3] != '-'
            || !TryDigits(text[..yearLength], out var year) || !TryDigits(text.Slice(yearLength + 1, 2), out var month) || !TryDigits(text.Slice(yearLength + 4, 2), out var day)
            || year == 0 || month is < 1 or > 12 || day < 1)
        {
            return false;
        }
        var astronomical = beforeChrist ? 1 - year : year;
        if (day > DaysInMonth(astronomical, month))
            return false;
        days = DaysOf(astronomical, month, day);
        text = text[(yearLength + 6)..];
        return true;
    }

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool TryTakeTime(ref ReadOnlySpan<char> text, out long microseconds, out bool exact)
    {
        microseconds = 0;
        exact = true;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute))
            return false;
        text = text[5..];
        var second = 0;
        if (text is [':', ..])
        {
            if (text.Length < 3 || !TryDigits(text.Slice(1, 2), out second))
                return false;
            text = text[3..];
            if (text is ['.' or ',', >= '0' and <= '9', ..])
                microseconds = TakeFraction(ref text, out exact);
        }
        microseconds += ((hour * 60L + minute) * 60 + second) * 1_000_000;
        return hour <= 24 && minute < 60 && second < 60 && microseconds <= MicrosecondsPerDay;
    }

    private static long TakeFraction(ref ReadOnlySpan<char> text, out bool exact)
    {
        text = text[1..];
        var length = text.IndexOfAnyExceptInRange('0', '9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        long value = 0;
        for (var i = 0; i < 6; i++)
            value = value * 10 + (i < digits.Length ? digits[i] - '0' : 0);
        exact = digits.Length <= 6 || !digits[6..].ContainsAnyExcept('0');
        return digits.Length > 6 && digits[6] >= '5' ? value + 1 : value;
    }

    private static bool TryTakeZone(ReadOnlySpan<char> text, out bool hasZone, out int offset)
    {
        offset = 0;
        text = text.TrimStart(' ');
        hasZone = !text.IsEmpty;
        if (!hasZone || text is "Z" or "z" or "UTC")
            return true;
        if (text[0] is not ('+' or '-'))
            return false;
        var sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        for (var unit = 3600; !text.IsEmpty; unit /= 60)
        {
            if (unit == 0 || text.Length < 2 || !TryDigits(text[..2], out var part) || part > (unit == 3600 ? 15 : 59))
                return false;
            offset += sign * part * unit;
            text = text[2..];
            if (text is [':', _, ..])
                text = text[1..];
        }
        return text.IsEmpty;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
