namespace PayFlow.Admin.Jobs.Cron;

/// <summary>A schedule in words, such as "Every 15 minutes from 08:00 to 20:59, Monday to Saturday".</summary>
internal static class CronText
{
    /// <summary>Without the time zone.</summary>
    public static string Describe(CronSchedule schedule)
    {
        var fields = schedule.Fields;
        var (second, rest) = schedule.IsUnix ? ("0", fields) : (fields[0], [.. fields.Skip(1)]);
        var time = CronTimeText.Describe(second, rest[0], rest[1]);
        var days = CronDayText.Describe(rest[2], rest[4], schedule.IsUnix);
        var months = CronMonthText.Describe(rest[3], rest.Count > 5 ? rest[5] : "*");
        // "At 02:30" alone leaves open that it is every day.
        if (days is null && time.StartsWith("at ", StringComparison.Ordinal))
            days = "every day";
        var text = string.Join(", ", new[] { time, days, months }.OfType<string>());
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
