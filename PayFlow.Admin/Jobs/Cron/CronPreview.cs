namespace PayFlow.Admin.Jobs.Cron;

/// <summary>What somebody who types a schedule is shown.</summary>
/// <param name="Error">Why it is none; the others are empty then.</param>
/// <param name="Words">What it means.</param>
/// <param name="Next">The next times, in its zone.</param>
/// <param name="Warnings">Where it meets a change of the clock.</param>
internal sealed record CronPreview(string? Error, string Words, IReadOnlyList<DateTimeOffset> Next, IReadOnlyList<string> Warnings)
{
    private const int Times = 5;

    public static CronPreview Of(string cron, string zone, DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return Wrong($"there is no time zone {zone}");
        try
        {
            var schedule = CronSchedule.Read(cron, found);
            return new CronPreview(null, CronText.Describe(schedule), schedule.Upcoming(now, Times), CronWarnings.Of(schedule, now));
        }
        catch (FormatException e)
        {
            return Wrong(e.Message);
        }
    }

    private static CronPreview Wrong(string reason) => new(reason, string.Empty, [], []);
}
