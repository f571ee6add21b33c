using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class QuietHostTests
{
    [Fact]
    public async Task A_host_with_nothing_to_do_says_nothing_and_changes_nothing()
    {
        await using var shop = await JobCase.CreateAsync(hasHost: false);
        await shop.TillAsync("T1");
        using var host = ServedHost.Start(shop.Fixture.Database.ConnectionString);
        var central = shop.Fixture.Database;
        await Until.TrueAsync(async () => await central.ScalarAsync<bool>("SELECT to_regclass('quartz.qrtz_scheduler_state') IS NOT NULL") && await central.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_scheduler_state") == 1, () => host.Output);
        await Until.TrueAsync(() => Task.FromResult(host.Output.Contains("Ctrl-C stops", StringComparison.Ordinal)), () => host.Output);
        var said = host.Output;
        await using var listener = await central.DataSource.OpenConnectionAsync();
        var told = new List<string>();
        listener.Notification += (_, e) => told.Add(e.Payload);
        await using (var listen = new Npgsql.NpgsqlCommand("LISTEN payflow_live", listener))
            await listen.ExecuteNonQueryAsync();

        // Several heartbeats and sweeps later.
        var last = await central.ScalarAsync<long>("SELECT max(last_checkin_time) FROM quartz.qrtz_scheduler_state");
        await Until.TrueAsync(async () => await central.ScalarAsync<long>("SELECT max(last_checkin_time) FROM quartz.qrtz_scheduler_state") > last + TimeSpan.FromSeconds(6).Ticks);
        await listener.WaitAsync(1);

        Assert.Equal(said, host.Output);
        Assert.Empty(told);
        await host.StopAsync();
    }
}
