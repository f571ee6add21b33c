using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class CronTextTests
{
    [Theory]
    [InlineData("* * * * *", "Every minute")]
    [InlineData("*/5 * * * *", "Every 5 minutes")]
    [InlineData("0/5 * * * *", "Every 5 minutes")]
    [InlineData("0 * * * *", "Every hour")]
    [InlineData("15 * * * *", "15 minutes past every hour")]
    [InlineData("0,15,30 * * * *", "0, 15 and 30 minutes past every hour")]
    [InlineData("1 * * * *", "1 minute past every hour")]
    [InlineData("0 */2 * * *", "Every 2 hours")]
    [InlineData("30 */2 * * *", "30 minutes past every 2nd hour, from 00:00 on")]
    [InlineData("30 2 * * *", "At 02:30, every day")]
    [InlineData("0 8,20 * * *", "At 08:00 and 20:00, every day")]
    [InlineData("*/15 8-20 * * 1-6", "Every 15 minutes from 08:00 to 20:59, Monday to Saturday")]
    [InlineData("0 8-20 * * *", "Every hour from 08:00 to 20:00")]
    [InlineData("30 8-20 * * 1-5", "30 minutes past every hour from 08:30 to 20:30, Monday to Friday")]
    [InlineData("* 9 * * *", "Every minute from 09:00 to 09:59")]
    [InlineData("10-20 * * * *", "Every minute from minute 10 to 20 of every hour")]
    [InlineData("5/10 * * * *", "Every 10 minutes from minute 5 to 59 of every hour")]
    [InlineData("0 9 * * MON", "At 09:00, on Monday")]
    [InlineData("0 9 * * 0", "At 09:00, on Sunday")]
    [InlineData("0 9 * * 7", "At 09:00, on Sunday")]
    [InlineData("0 9 * * 5,1,3", "At 09:00, on Monday, Wednesday and Friday")]
    [InlineData("0 9 * * 6-7", "At 09:00, Saturday to Sunday")]
    [InlineData("30 2 1,15 * *", "At 02:30, on the 1st and 15th")]
    [InlineData("0 0 1 * *", "At 00:00, on the 1st")]
    [InlineData("0 0 1-7 * *", "At 00:00, from the 1st to the 7th")]
    [InlineData("0 0 */2 * *", "At 00:00, every 2nd day of the month")]
    [InlineData("0 0 1 * 1", "At 00:00, on the 1st and on Monday")]
    [InlineData("0 0 1 1 *", "At 00:00, on the 1st, in January")]
    [InlineData("0 6 * 3-10 *", "At 06:00, every day, from March to October")]
    [InlineData("0 6 * JAN,jul *", "At 06:00, every day, in January and July")]
    [InlineData("0 0 1 */3 *", "At 00:00, on the 1st, in January, April, July and October")]
    [InlineData("0 1,2,3,4,5,6,7 * * *", "At hours 1, 2, 3, 4, 5, 6 and 7, every day")]
    public void The_five_fields_of_Unix(string cron, string words) => Assert.Equal(words, Describe(cron));

    [Theory]
    [InlineData("* * * * * ?", "Every second")]
    [InlineData("*/10 * * * * ?", "Every 10 seconds")]
    [InlineData("0 0/5 * * * ?", "Every 5 minutes")]
    [InlineData("10 30 2 * * ?", "At 02:30:10, every day")]
    [InlineData("10 * * * * ?", "At second 10 of every minute, every day")]
    [InlineData("*/5 * 9-17 * * ?", "Every 5 seconds from 09:00 to 17:59")]
    [InlineData("0 0 9 ? * 2", "At 09:00, on Monday")]
    [InlineData("0 0 9 ? * 1", "At 09:00, on Sunday")]
    [InlineData("0 0 9 ? * MON-FRI", "At 09:00, Monday to Friday")]
    [InlineData("0 0 4 L * ?", "At 04:00, on the last day of the month")]
    [InlineData("0 0 4 L-3 * ?", "At 04:00, on the 3rd day before the last of the month")]
    [InlineData("0 0 4 LW * ?", "At 04:00, on the last weekday of the month")]
    [InlineData("0 0 4 15W * ?", "At 04:00, on the weekday nearest to the 15th")]
    [InlineData("0 0 4 ? * 6L", "At 04:00, on the last Friday of the month")]
    [InlineData("0 0 4 ? * 2#1", "At 04:00, on the first Monday of the month")]
    [InlineData("0 0 4 ? * FRI#3", "At 04:00, on the third Friday of the month")]
    [InlineData("0 0 4 L * ? 2026", "At 04:00, on the last day of the month, in 2026")]
    [InlineData("0 0 4 1 1 ? 2026-2028", "At 04:00, on the 1st, in January from 2026 to 2028")]
    public void The_six_or_seven_of_Quartz(string cron, string words) => Assert.Equal(words, Describe(cron));

    private static string Describe(string cron) => CronText.Describe(CronSchedule.Read(cron, TimeZoneInfo.Utc));
}
