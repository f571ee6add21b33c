using System.Globalization;

namespace PayFlow.Admin.Jobs.Cron;

/// <summary>The days of a schedule in words.</summary>
internal static class CronDayText
{
    private static readonly string[] Names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Places = ["first", "second", "third", "fourth", "fifth"];

    /// <summary>Null for every day.</summary>
    /// <param name="day">The day of the month.</param>
    /// <param name="weekday">The day of the week.</param>
    /// <param name="isUnix">Sunday is 0 and 7 there, and 1 in Quartz's form.</param>
    public static string? Describe(string day, string weekday, bool isUnix)
    {
        var ofMonth = day is "*" or "?" ? null : OfMonth(day);
        var ofWeek = weekday is "*" or "?" ? null : OfWeek(weekday, isUnix);
        // With both given a day is named by either of them: https://man7.org/linux/man-pages/man5/crontab.5.html
        return ofMonth is not null && ofWeek is not null ? $"{ofMonth} and {ofWeek}" : ofMonth ?? ofWeek;
    }

    private static string OfMonth(string field)
    {
        if (CronTerm.Read(field, null) is not { } terms)
            return $"on {WordList.And(field.Split(',').Select(Special))}";
        return terms switch
        {
            [{ From: null, Step: { } step }] => $"every {WordList.Ordinal(step)} day of the month",
            [{ From: { } from, To: null, Step: { } step }] => $"every {WordList.Ordinal(step)} day of the month from the {WordList.Ordinal(from)} on",
            [{ From: { } from, To: { } to, Step: null }] => $"from the {WordList.Ordinal(from)} to the {WordList.Ordinal(to)}",
            _ => $"on the {WordList.And(terms.SelectMany(t => t.Values(1, 31)).Distinct().Order().Select(WordList.Ordinal))}",
        };
    }

    private static string Special(string item) => item.ToUpperInvariant() switch
    {
        "L" => "the last day of the month",
        "LW" => "the last weekday of the month",
        ['L', '-', .. var before] when int.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var days) => $"the {(days == 1 ? "day" : $"{WordList.Ordinal(days)} day")} before the last of the month",
        [.. var near, 'W'] when int.TryParse(near, NumberStyles.None, CultureInfo.InvariantCulture, out var target) => $"the weekday nearest to the {WordList.Ordinal(target)}",
        var other => int.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? $"the {WordList.Ordinal(plain)}" : $"day {other}",
    };

    private static string OfWeek(string field, bool isUnix)
    {
        // Numbered so that Sunday is 0.
        var shift = isUnix ? 0 : 1;
        var names = Names.Select((name, i) => (name, i)).ToDictionary(n => n.name[..3].ToUpperInvariant(), n => n.i + shift);
        string Name(int number) => Names[(number - shift + 7) % 7];
        if (CronTerm.Read(field, names) is not { } terms)
            return $"on {WordList.And(field.Split(',').Select(item => SpecialWeekday(item, names, Name)))}";
        if (terms is [{ From: { } from, To: { } to, Step: null }])
            return $"{Name(from)} to {Name(to)}";
        var days = terms.SelectMany(t => t.Values(shift, shift + 6)).Select(d => (d - shift + 7) % 7).Distinct().Order(MondayFirst);
        return $"on {WordList.And(days.Select(d => Names[d]))}";
    }

    private static readonly IComparer<int> MondayFirst = Comparer<int>.Create((a, b) => ((a + 6) % 7).CompareTo((b + 6) % 7));

    private static string SpecialWeekday(string item, Dictionary<string, int> names, Func<int, string> name)
    {
        int Day(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : names.GetValueOrDefault(text.ToUpperInvariant());
        return item.ToUpperInvariant().Split('#') switch
        {
            [var day, var place] when int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 5 => $"the {Places[n - 1]} {name(Day(day))} of the month",
            ["L"] => name(Day("SAT")),
            [[.. var day, 'L']] => $"the last {name(Day(day))} of the month",
            _ => name(Day(item)),
        };
    }
}
