using System.Globalization;

namespace PayFlow.Admin.Jobs.Cron;

/// <summary>The time of day of a schedule in words.</summary>
internal static class CronTimeText
{
    /// <summary>More times than these are told as a pattern.</summary>
    private const int MostTimes = 6;

    public static string Describe(string second, string minute, string hour)
    {
        var seconds = CronTerm.Read(second, null)!;
        var minutes = CronTerm.Read(minute, null)!;
        var hours = CronTerm.Read(hour, null)!;
        if (seconds is [{ IsValue: true } single])
            return single.From == 0 ? Minutes(minutes, hours) : Clock(minutes, hours, single.From!.Value) ?? $"at second {single.From} of {Minutes(minutes, hours)}";
        var pattern = Repeated(seconds, "second", 59);
        return (minutes, hours) switch
        {
            ([{ IsAny: true }], [{ IsAny: true }]) => pattern,
            ([{ IsAny: true }], _) => $"{pattern}{During(hours)}",
            _ => $"{pattern}, {Minutes(minutes, hours)}",
        };
    }

    private static string Minutes(IReadOnlyList<CronTerm> minutes, IReadOnlyList<CronTerm> hours)
    {
        if (Clock(minutes, hours, null) is { } clock)
            return clock;
        if (minutes is [{ IsAny: true }])
            return $"every minute{During(hours)}";
        if (minutes is [var step] && step.IsStepOfAll(0))
            return $"every {step.Step} minutes{During(hours)}";
        var values = minutes.SelectMany(m => m.Values(0, 59)).Distinct().Order().ToList();
        if (minutes.All(m => m.IsValue))
        {
            var past = values is [0] ? null : $"{WordList.And(values.Select(Number))} minute{(values is [1] ? string.Empty : "s")} past ";
            return hours switch
            {
                [{ IsAny: true }] => past is null ? "every hour" : $"{past}every hour",
                [var every] when every.IsStepOfAll(0) => past is null ? $"every {every.Step} hours" : $"{past}every {Ordinal(every.Step!.Value)} hour, from 00:00 on",
                [{ From: { } from, To: { } to, Step: null }] => $"{(past is null ? "every hour" : $"{past}every hour")} from {Time(from, values[0])} to {Time(to, values[^1])}",
                _ => $"{past ?? "at "}{Hours(hours)}",
            };
        }
        return $"{Repeated(minutes, "minute", 59)}{(hours is [{ IsAny: true }] ? " of every hour" : During(hours))}";
    }

    /// <summary>Times that are few enough to be listed.</summary>
    private static string? Clock(IReadOnlyList<CronTerm> minutes, IReadOnlyList<CronTerm> hours, int? second)
    {
        if (!minutes.All(m => m.IsValue) || !hours.All(h => h.IsValue) || minutes.Count * hours.Count > MostTimes)
            return null;
        var times = hours.SelectMany(h => minutes, (h, m) => (Hour: h.From!.Value, Minute: m.From!.Value)).Distinct().Order();
        return $"at {WordList.And(times.Select(t => second is { } s ? $"{Time(t.Hour, t.Minute)}:{Two(s)}" : Time(t.Hour, t.Minute)))}";
    }

    private static string During(IReadOnlyList<CronTerm> hours) => hours switch
    {
        [{ IsAny: true }] => string.Empty,
        [{ From: { } from, To: { } to, Step: null }] => $" from {Time(from, 0)} to {Time(to, 59)}",
        [{ IsValue: true } single] => $" from {Time(single.From!.Value, 0)} to {Time(single.From.Value, 59)}",
        [var step] when step.IsStepOfAll(0) => $" of every {Ordinal(step.Step!.Value)} hour",
        _ => $" during {Hours(hours)}",
    };

    private static string Hours(IReadOnlyList<CronTerm> hours) => $"hours {WordList.And(hours.SelectMany(h => h.Values(0, 23)).Distinct().Order().Select(Number))}";

    private static string Repeated(IReadOnlyList<CronTerm> terms, string unit, int most) => terms switch
    {
        [{ IsAny: true }] => $"every {unit}",
        [var step] when step.IsStepOfAll(0) => $"every {step.Step} {unit}s",
        [{ From: { } from, To: var to, Step: { } every }] => $"every {every} {unit}s from {unit} {from} to {to ?? most}",
        [{ From: { } from, To: { } to, Step: null }] => $"every {unit} from {unit} {from} to {to}",
        _ => $"at {unit}s {WordList.And(terms.SelectMany(t => t.Values(0, most)).Distinct().Order().Select(Number))}",
    };

    private static string Time(int hour, int minute) => $"{Two(hour)}:{Two(minute)}";

    private static string Two(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Ordinal(int number) => WordList.Ordinal(number);
}
