using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Views.Settings;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public async Task The_address_is_the_one_at_which_the_host_listens()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await ConsoleHost.StartAsync(central);
        var row = await RowAsync(host, "ASPNETCORE_URLS");
        Assert.Equal((host.Address.ToString().TrimEnd('/'), "command line"), (row.Value, row.Source));
    }

    [Fact]
    public async Task A_schedule_that_is_as_the_environment_says_needs_no_note()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await ConsoleHost.StartAsync(central, "SYNC_CRON=15 3 * * *");
        await Until.TrueAsync(async () => (await ScheduleDesk(host).ListAsync()).Count == 1);
        Assert.Equal(("15 3 * * *", (string?)null), ((await RowAsync(host, "SYNC_CRON")).Value, (await RowAsync(host, "SYNC_CRON")).Note));
    }

    [Fact]
    public async Task A_schedule_that_was_edited_paused_deleted_or_set_by_another_host_is_told_beside_the_value()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, "SYNC_CRON=15 3 * * *")).WithUsersAsync();
        await Until.TrueAsync(async () => (await ScheduleDesk(host).ListAsync()).Count == 1);
        await using (var other = await ConsoleHost.StartAsync(central, "SYNC_CRON=45 4 * * *"))
        {
            await Until.TrueAsync(async () => (await ScheduleDesk(host).ListAsync())[0].Draft.Cron == "45 4 * * *");
            Assert.Contains("Does not count: the schedule \"default\" is 45 4 * * * (UTC), as the environment of the host that started last", await NoteAsync(host), StringComparison.Ordinal);
            Assert.Null(await NoteAsync(other));
        }
        await using (var silent = await ConsoleHost.StartAsync(central))
            Assert.Contains("Not set here; the schedule \"default\" is 45 4 * * * (UTC), as the environment of another host", await NoteAsync(silent), StringComparison.Ordinal);

        var desk = ScheduleDesk(host);
        var stored = (await desk.ListAsync())[0];
        stored = await desk.UpdateAsync(stored.Id, stored.Version, stored.Draft with { Cron = "0 6 * * *", Zone = "Europe/Berlin" }, "ada@example.com");
        Assert.Equal("Does not count: the schedule \"default\" is 0 6 * * * (Europe/Berlin), as ada@example.com has set it.", await NoteAsync(host));
        using (var browser = await host.SignedInAsync(Roles.Viewer))
            Assert.Contains("is 0 6 * * * (Europe/Berlin), as ada@example.com has set it", await browser.GetStringAsync("/settings"), StringComparison.Ordinal);

        await desk.DeleteAsync(stored.Id, "ada@example.com");
        Assert.Contains("it was deleted", await NoteAsync(host), StringComparison.Ordinal);
    }

    private static ScheduleDesk ScheduleDesk(ConsoleHost host) => host.Host.Services.GetRequiredService<ScheduleDesk>();

    private static async Task<string?> NoteAsync(ConsoleHost host) => (await RowAsync(host, "SYNC_CRON")).Note;

    private static async Task<SettingRow> RowAsync(ConsoleHost host, string name) =>
        (await host.Host.Services.GetRequiredService<SettingsReader>().ReadAsync(CancellationToken.None)).Single(r => r.Name == name);
}
