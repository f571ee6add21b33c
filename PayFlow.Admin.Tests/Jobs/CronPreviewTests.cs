using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class CronPreviewTests
{
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_next_five_times_are_told_in_the_zone_of_the_schedule()
    {
        var preview = CronPreview.Of("0 9 * * *", "Europe/Berlin", new DateTimeOffset(2026, 3, 27, 12, 0, 0, TimeSpan.Zero));

        Assert.Null(preview.Error);
        Assert.Equal(
            ["2026-03-28 09:00 +01:00", "2026-03-29 09:00 +02:00", "2026-03-30 09:00 +02:00", "2026-03-31 09:00 +02:00", "2026-04-01 09:00 +02:00"],
            preview.Next.Select(t => t.ToString("yyyy-MM-dd HH:mm zzz", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(preview.Warnings);
    }

    [Fact]
    public void Whatever_is_typed_is_answered_with_words_or_with_a_reason()
    {
        // With a fixed seed: what fails once fails again. Each key of a schedule that is being typed comes through here.
        string[] atoms = ["*", "?", "0", "1", "7", "12", "31", "59", "99", "1999", "-", "/", ",", "#", "L", "W", "LW", "L-3", "MON", "FRI-MON", "DEC-FEB", "5-1", "*/2", "0/0", "99999999999", "mon", "w", "6#3", "+1", "1,,2"];
        var random = new Random(7);
        string Field() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => atoms[random.Next(atoms.Length)]));
        for (var i = 0; i < 20_000; i++)
        {
            var typed = string.Join(' ', Enumerable.Range(0, random.Next(5, 8)).Select(_ => random.Next(3) == 0 ? Field() : "*"));
            var preview = CronPreview.Of(typed, "Europe/Berlin", NewYear);
            Assert.True(preview.Error is not null || preview.Words.Length > 0, typed);
        }
    }

    [Fact]
    public void A_time_that_does_not_exist_or_comes_twice_is_told()
    {
        var preview = CronPreview.Of("30 2 * * *", "Europe/Berlin", NewYear);

        Assert.Equal(
            [
                "02:30 does not exist on 29 March 2026, when the clock goes from 02:00 to 03:00: it runs at 03:00 then.",
                "02:30 comes twice on 25 October 2026, when the clock goes back from 03:00 to 02:00: it runs the first time only.",
            ],
            preview.Warnings);
    }

    [Fact]
    public void What_is_told_of_a_change_of_the_clock_is_what_happens()
    {
        var schedule = CronSchedule.Read("30 2 * * *", TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        var spring = schedule.Upcoming(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero), 2);
        var autumn = schedule.Upcoming(new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero), 2);

        Assert.Equal(new DateTimeOffset(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2)), spring[0]);
        Assert.Equal(new DateTimeOffset(2026, 3, 30, 2, 30, 0, TimeSpan.FromHours(2)), spring[1]);
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(2)), autumn[0]);
        Assert.Equal(new DateTimeOffset(2026, 10, 26, 2, 30, 0, TimeSpan.FromHours(1)), autumn[1]);
    }

    [Theory]
    [InlineData("*/15 * * * *", "Europe/Berlin")]
    [InlineData("30 2 * * *", "UTC")]
    [InlineData("30 2 * * *", "Asia/Tokyo")]
    [InlineData("30 4 * * *", "Europe/Berlin")]
    [InlineData("30 2 * * 1", "Europe/Berlin")]
    public void Where_the_clock_does_not_matter_nobody_is_warned(string cron, string zone) => Assert.Empty(CronPreview.Of(cron, zone, NewYear).Warnings);

    [Fact]
    public void A_zone_south_of_the_equator_has_its_own_dates()
    {
        var preview = CronPreview.Of("0 30 2 * * ?", "Australia/Lord_Howe", NewYear);

        Assert.Empty(preview.Warnings);
        Assert.StartsWith("01:45 comes twice on 5 April 2026", Assert.Single(CronPreview.Of("45 1 * * *", "Australia/Lord_Howe", NewYear).Warnings), StringComparison.Ordinal);
        Assert.StartsWith("02:15 does not exist on 4 October 2026", Assert.Single(CronPreview.Of("15 2 * * *", "Australia/Lord_Howe", NewYear).Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("61 * * * *", "61 is no minute: 0 to 59")]
    [InlineData("0 0 30 2 *", "it names a time that never comes")]
    [InlineData("0 0 * *", "it has 4 fields, not 5 (Unix) or 6 to 7 (Quartz)")]
    public void What_is_no_schedule_is_told_with_the_reason(string cron, string reason) => Assert.Equal(reason, CronPreview.Of(cron, "UTC", NewYear).Error);

    [Fact]
    public void An_unknown_zone_is_told() => Assert.Equal("there is no time zone Mars/Base", CronPreview.Of("0 0 * * *", "Mars/Base", NewYear).Error);
}
