using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class CronScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2025, 3, 3, 12, 7, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("0 * * * *", "2025-03-03T13:00:00Z")]
    [InlineData("*/15 8-20 * * 1-6", "2025-03-03T12:15:00Z")]
    [InlineData("30 2 1,15 * *", "2025-03-15T02:30:00Z")]
    [InlineData("0 9 * * MON", "2025-03-10T09:00:00Z")]
    [InlineData("0 9 * * 7", "2025-03-09T09:00:00Z")]
    [InlineData("0 0/5 * * * ?", "2025-03-03T12:10:00Z")]
    [InlineData("10 * * * * ?", "2025-03-03T12:08:10Z")]
    [InlineData("0 0 4 L * ? 2026", "2026-01-31T04:00:00Z")]
    public void Both_forms_are_understood(string text, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, null), CronSchedule.Parse(text, "SYNC_CRON").Next(Noon));

    [Theory]
    [InlineData("hourly")]
    [InlineData("* * * *")]
    [InlineData("99 * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("0 24 * * *")]
    [InlineData("0 99 * * *")]
    [InlineData("0 0 98 * *")]
    [InlineData("0 0 0 * *")]
    [InlineData("0 0 1 13 *")]
    [InlineData("0 0 * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("*/99 * * * *")]
    [InlineData("5-1-2 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("0 0 30 2 *")]
    [InlineData("99 0 * * * ?")]
    [InlineData("0 0 0 * * 0")]
    [InlineData("0 0 0 1 1 ? 2020")]
    [InlineData("0 0 0 1 1 ? 2026 x")]
    [InlineData("0, * * * *")]
    [InlineData("0 1,,2 * * *")]
    [InlineData("0 0 * FEBw *")]
    [InlineData("0 0 , * *")]
    [InlineData("* * 1 1-+1 * *")]
    [InlineData("0 0 0 1 1 ? ,2099")]
    public void What_is_no_schedule_is_refused_by_name(string text)
    {
        var refused = Assert.Throws<SyncException>(() => CronSchedule.Parse(text, "SYNC_CRON"));

        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.StartsWith($"SYNC_CRON=\"{text}\" is not a schedule: ", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }
}
