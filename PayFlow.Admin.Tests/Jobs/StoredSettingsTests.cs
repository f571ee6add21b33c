using PayFlow.Admin.Data;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using Xunit;

namespace PayFlow.Admin.Tests.Jobs;

public sealed class StoredSettingsTests : IAsyncLifetime
{
    private CentralDatabase _central = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        await MetadataMigrator.MigrateAsync(_central.DataSource, null, CancellationToken.None);
        await ConsoleMigrator.MigrateAsync(_central.DataSource);
    }

    public async Task DisposeAsync() => await _central.DisposeAsync();

    [Fact]
    public async Task What_the_console_changes_counts_at_once_on_every_host_and_is_audited_before_and_after()
    {
        var (one, other) = (Host(), Host());
        Assert.Equal(30, (await other.OptionsAsync(CancellationToken.None)).Journal.CentralDays);

        await one.SaveAsync("SYNC_JOURNAL_DAYS", " 12 ", "ann", "less to keep", CancellationToken.None);
        await one.SaveAsync("SYNC_BATCH_SIZE", "77", "ann", null, CancellationToken.None);
        var options = await other.OptionsAsync(CancellationToken.None);
        Assert.Equal((12, 77), (options.Journal.CentralDays, options.BatchSize));

        await one.SaveAsync("SYNC_JOURNAL_DAYS", "", "ann", null, CancellationToken.None);
        Assert.Equal(30, (await other.OptionsAsync(CancellationToken.None)).Journal.CentralDays);
        Assert.Equal("SYNC_JOURNAL_DAYS - 12, SYNC_BATCH_SIZE - 77, SYNC_JOURNAL_DAYS 12 -", await _central.ScalarAsync<string>(
            "SELECT string_agg(key || ' ' || coalesce(detail -> 'before' ->> 'value', '-') || ' ' || coalesce(detail -> 'after' ->> 'value', '-'), ', ' ORDER BY id) FROM payflow.audit WHERE action = 'settings.change' AND actor = 'ann'"));
    }

    [Fact]
    public async Task The_environment_wins_and_says_so()
    {
        await Host().SaveAsync("SYNC_RETRY_ATTEMPTS", "3", "ann", null, CancellationToken.None);
        var host = Host(("SYNC_RETRY_ATTEMPTS", "7"));

        Assert.Equal(7, (await host.OptionsAsync(CancellationToken.None)).Retry.Attempts);
        var refused = await Assert.ThrowsAsync<SyncException>(() => host.SaveAsync("SYNC_RETRY_ATTEMPTS", "4", "ann", null, CancellationToken.None));
        Assert.Contains("environment", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SYNC_JOURNAL_DAYS", "0")]
    [InlineData("SYNC_JOURNAL_DAYS", "-1")]
    [InlineData("SYNC_JOURNAL_DAYS", "99999999999999999999")]
    [InlineData("SYNC_BATCH_SIZE", "many")]
    [InlineData("SYNC_BATCH_SIZE", "1\0")]
    [InlineData("SYNC_RETRY_FIRST", "99999")]
    [InlineData("PAYFLOW_STORE_ZONE", "UTC")]
    [InlineData("nonsense", "1")]
    public async Task What_is_no_value_is_refused_with_the_reason_and_nothing_is_stored(string name, string value)
    {
        var refused = await Assert.ThrowsAsync<SyncException>(() => Host().SaveAsync(name, value, "ann", null, CancellationToken.None));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
        Assert.Equal(0L, await _central.ScalarAsync<long>("SELECT count(*) FROM console.settings"));
    }

    [Fact]
    public async Task A_job_runs_with_what_was_changed_while_its_host_ran()
    {
        await using var shop = await JobCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        JobCase.Sell(till, 1);
        await shop.DoneAsync(JobRequest.Sync());
        await new StoredSettings(shop.Fixture.Source, SyncSettings.Read(_ => null)).SaveAsync("SYNC_RETRY_ATTEMPTS", "1", "ann", null, CancellationToken.None);
        till.Execute("INSERT INTO sales (number, total) VALUES ('T1-S-1', 5)");
        await shop.Fixture.Database.ExecuteAsync("ALTER TABLE sales ADD CHECK (total < 5)");
        JobCase.Sell(till, 7, "X");
        await shop.DoneAsync(JobRequest.Sync());

        // Refused once, and a dead letter at once.
        Assert.Equal("FAILED -", till.Texts("SELECT DISTINCT status || ' ' || coalesce(next_attempt_at, '-') FROM sync_queue WHERE status = 'FAILED'").Single());
    }

    [Fact]
    public async Task What_does_not_go_together_with_a_host_s_environment_does_not_keep_that_host_from_syncing()
    {
        await Host().SaveAsync("SYNC_RETRY_FIRST", "120", "ann", null, CancellationToken.None);
        await Host().SaveAsync("SYNC_JOURNAL_DAYS", "12", "ann", null, CancellationToken.None);
        var other = Host(("SYNC_RETRY_LONGEST", "60"));

        var options = await other.OptionsAsync(CancellationToken.None);
        Assert.Equal((TimeSpan.FromSeconds(30), 30), (options.Retry.First, options.Journal.CentralDays));
        Assert.Contains("SYNC_RETRY_FIRST=120 is longer than SYNC_RETRY_LONGEST=60", other.TroubleOf(await other.ReadAsync(CancellationToken.None)), StringComparison.Ordinal);
    }

    private StoredSettings Host(params (string Name, string Value)[] variables) =>
        new(_central.DataSource, SyncSettings.Read(variables.ToDictionary(v => v.Name, v => v.Value).GetValueOrDefault));
}
