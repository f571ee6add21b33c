namespace PayFlow.Admin.Jobs.Cron;

/// <summary>One field of a cron expression and the numbers it may hold.</summary>
internal sealed record CronField(string Name, int Least, int Most)
{
    private static readonly CronField Minute = new("minute", 0, 59);
    private static readonly CronField Hour = new("hour", 0, 23);
    private static readonly CronField Day = new("day of month", 1, 31);
    private static readonly CronField Month = new("month", 1, 12);

    /// <summary>Its days may also be told by L, W and #.</summary>
    public bool HasSpecials => Name.StartsWith("day", StringComparison.Ordinal);

    /// <summary>Names for its numbers; null where there are none.</summary>
    public IReadOnlyDictionary<string, int>? Names => Name == "month" ? CronMonthText.Short : null;

    /// <summary>Five fields, Sunday both 0 and 7: https://man7.org/linux/man-pages/man5/crontab.5.html</summary>
    public static IReadOnlyList<CronField> Unix { get; } = [Minute, Hour, Day, Month, new("day of week", 0, 7)];

    /// <summary>Seconds first, Sunday 1, and a year that may be left out.</summary>
    public static IReadOnlyList<CronField> Quartz { get; } = [new("second", 0, 59), Minute, Hour, Day, Month, new("day of week", 1, 7), new("year", 1970, 2099)];
}
