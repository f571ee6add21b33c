using System.Globalization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>Writes dates and times in the neutral forms of <see cref="CellValue"/>: the fraction only as long as needed, <c>BC</c> at the end, <c>infinity</c> as such.</summary>
internal static class IsoText
{
    /// <summary>A timestamp from microseconds since 2000-01-01.</summary>
    public static string Timestamp(long microseconds, bool zulu, char separator = 'T')
    {
        if (microseconds is long.MaxValue or long.MinValue)
            return microseconds > 0 ? "infinity" : "-infinity";
        var days = Math.DivRem(microseconds, IsoInstant.MicrosecondsPerDay, out var time);
        if (time < 0)
        {
            days--;
            time += IsoInstant.MicrosecondsPerDay;
        }
        Span<char> buffer = stackalloc char[48];
        var length = Date(buffer, days, out var beforeChrist);
        buffer[length++] = separator;
        length += Time(buffer[length..], time);
        if (zulu)
            buffer[length++] = 'Z';
        return Finish(buffer, length, beforeChrist);
    }

    /// <summary>A date from days since 2000-01-01.</summary>
    public static string Date(int days)
    {
        if (days is int.MaxValue or int.MinValue)
            return days > 0 ? "infinity" : "-infinity";
        Span<char> buffer = stackalloc char[24];
        var length = Date(buffer, days, out var beforeChrist);
        return Finish(buffer, length, beforeChrist);
    }

    /// <summary>A time from microseconds since midnight.</summary>
    public static string Time(long microseconds)
    {
        Span<char> buffer = stackalloc char[24];
        return buffer[..Time(buffer, microseconds)].ToString();
    }

    private static string Finish(Span<char> buffer, int length, bool beforeChrist)
    {
        if (beforeChrist)
        {
            " BC".CopyTo(buffer[length..]);
            length += 3;
        }
        return buffer[..length].ToString();
    }

    private static int Date(Span<char> buffer, long days, out bool beforeChrist)
    {
        // The inverse of IsoInstant.DaysOf.
        var z = days + 730_425;
        var era = (z >= 0 ? z : z - 146_096) / 146_097;
        var dayOfEra = z - era * 146_097;
        var yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var shifted = (5 * dayOfYear + 2) / 153;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        var year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        beforeChrist = year <= 0;
        (beforeChrist ? 1 - year : year).TryFormat(buffer, out var length, "0000", CultureInfo.InvariantCulture);
        buffer[length] = '-';
        TwoDigits(buffer[(length + 1)..], month);
        buffer[length + 3] = '-';
        TwoDigits(buffer[(length + 4)..], dayOfYear - (153 * shifted + 2) / 5 + 1);
        return length + 6;
    }

    private static int Time(Span<char> buffer, long microseconds)
    {
        var seconds = Math.DivRem(microseconds, 1_000_000, out var fraction);
        TwoDigits(buffer, seconds / 3600);
        buffer[2] = ':';
        TwoDigits(buffer[3..], seconds / 60 % 60);
        buffer[5] = ':';
        TwoDigits(buffer[6..], seconds % 60);
        if (fraction == 0)
            return 8;
        buffer[8] = '.';
        for (var i = 14; i > 8; i--, fraction /= 10)
            buffer[i] = (char)('0' + fraction % 10);
        return buffer[..15].TrimEnd('0').Length;
    }

    private static void TwoDigits(Span<char> buffer, long value)
    {
        buffer[0] = (char)('0' + value / 10);
        buffer[1] = (char)('0' + value % 10);
    }
}
