using System.Globalization;

namespace PayFlow.Admin.Output;

/// <summary>Numbers, times and counted words as the command line prints them.</summary>
internal static class Figures
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 row</c>, <c>1,200 rows</c></summary>
    public static string Count(long number, string word) => number == 1 ? $"1 {word}" : $"{Count(number)} {word}s";

    /// <summary><c>0.25 s</c>, <c>12 s</c>, <c>3 min 20 s</c></summary>
    public static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes} min {time.Seconds} s"),
    };

    /// <summary>UTC, to the minute and short, as <c>03-03 08:15</c>; the date alone where it is of another year.</summary>
    public static string ShortInstant(DateTimeOffset instant, DateTimeOffset now) => instant.UtcDateTime.ToString(instant.UtcDateTime.Year == now.UtcDateTime.Year ? "MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>UTC, to the second, as <c>2025-03-03 08:15:00Z</c>.</summary>
    public static string Instant(DateTimeOffset instant) => instant.ToString("u", CultureInfo.InvariantCulture);
}
