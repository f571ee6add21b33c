using System.Globalization;

namespace PayFlow.Admin.Jobs.Cron;

/// <summary>Says where a schedule meets a change of the clock: times that do not exist, and times that come twice.</summary>
internal static class CronWarnings
{
    /// <summary>The changes of the coming year; nothing for a schedule that runs in every hour, for which a change of the clock makes no difference.</summary>
    public static IReadOnlyList<string> Of(CronSchedule schedule, DateTimeOffset now)
    {
        if (CronTerm.Read(schedule.Fields[schedule.IsUnix ? 1 : 2], null)!.SelectMany(h => h.Values(0, 23)).Distinct().Count() == 24)
            return [];
        var warnings = new List<string>();
        // The same fields by a clock that never changes: what the wall would have to show.
        var wall = CronSchedule.Read(schedule.Text, TimeZoneInfo.Utc);
        foreach (var change in Changes(schedule.Zone, now))
        {
            var (from, to) = (Wall(change.At, change.Before), Wall(change.At, change.After));
            var first = from < to ? from : to;
            var time = wall.Next(first.AddSeconds(-1));
            if (time is not { } met || met >= (from < to ? to : from))
                continue;
            warnings.Add(from < to
                ? $"{Clock(met)} does not exist on {Day(met)}, when the clock goes from {Clock(from)} to {Clock(to)}: it runs at {Clock(to)} then."
                : $"{Clock(met)} comes twice on {Day(met)}, when the clock goes back from {Clock(from)} to {Clock(to)}: {Twice(schedule, change, met)}.");
        }
        return warnings;
    }

    private static string Twice(CronSchedule schedule, ClockChange change, DateTimeOffset wall)
    {
        var (first, second) = (new DateTimeOffset(wall.DateTime, change.Before), new DateTimeOffset(wall.DateTime, change.After));
        var isFirst = schedule.Next(first.AddSeconds(-1)) == first;
        var isSecond = schedule.Next(isFirst ? first : second.AddSeconds(-1)) == second;
        return isFirst ? isSecond ? "it runs both times" : "it runs the first time only" : "it runs the second time only";
    }

    // The rules of a zone are of many kinds; the offset itself tells all of them.
    private static IEnumerable<ClockChange> Changes(TimeZoneInfo zone, DateTimeOffset now)
    {
        var end = now.AddDays(366);
        for (var day = now; day < end; day = day.AddDays(1))
        {
            if (zone.GetUtcOffset(day) == zone.GetUtcOffset(day.AddDays(1)))
                continue;
            var (low, high) = (day, day.AddDays(1));
            while (high - low > TimeSpan.FromSeconds(1))
            {
                var middle = low + ((high - low) / 2);
                if (zone.GetUtcOffset(middle) == zone.GetUtcOffset(day))
                    low = middle;
                else
                    high = middle;
            }
            var at = new DateTimeOffset(high.Ticks - (high.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            yield return new ClockChange(at, zone.GetUtcOffset(day), zone.GetUtcOffset(day.AddDays(1)));
        }
    }

    private static DateTimeOffset Wall(DateTimeOffset at, TimeSpan offset) => new(at.ToOffset(offset).DateTime, TimeSpan.Zero);

    private static string Clock(DateTimeOffset wall) => wall.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset wall) => wall.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private readonly record struct ClockChange(DateTimeOffset At, TimeSpan Before, TimeSpan After);
}
