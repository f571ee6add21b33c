using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Webhooks;
using PayFlow.Admin.Webhooks.Sending;
using PayFlow.Admin.Webhooks.Watching;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>What people do with webhooks: checked, written to the audit, and never with the secret in it. No host sends here.</summary>
public sealed class WebhookDeskTests : IAsyncLifetime
{
    private static readonly WebhookDraft Good = new() { Name = "books", Url = "https://receiver.invalid/hook", Events = [WebhookEvent.RunFinished] };

    private readonly WebhookSecrets _secrets = new(new EphemeralDataProtectionProvider());
    private readonly WebhookSettings _settings = new();
    private CentralDatabase _central = null!;
    private NpgsqlDataSource _source = null!;
    private WebhookDesk _desk = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        _source = await PostgresSource.OpenAsync(_central.ConnectionString, CancellationToken.None);
        await ConsoleMigrator.MigrateAsync(_source);
        _desk = new WebhookDesk(_source, _secrets, _settings);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Fact]
    public async Task Every_field_that_is_wrong_says_so_and_nothing_is_made()
    {
        foreach (var (draft, field) in new[]
        {
            (Good with { Name = " " }, "Name"), (Good with { Name = new string('x', 101) }, "Name"), (Good with { Name = "a\0b" }, "Name"), (Good with { Name = "a\nb" }, "Name"),
            (Good with { Url = "" }, "Url"), (Good with { Url = "http://receiver.invalid" }, "Url"), (Good with { Url = "https://10.0.0.1/" }, "Url"), (Good with { Url = "https://x.invalid/" + new string('y', 2_000) }, "Url"),
            (Good with { Events = [] }, "Events"), (Good with { Events = ["run.finished", "no.such"] }, "Events"), (Good with { Events = [WebhookEvent.Test] }, "Events"),
            (Good with { Terminals = [] }, "Terminals"), (Good with { Tables = [] }, "Tables"),
        })
        {
            Assert.Equal(field, Assert.Single(_desk.Check(draft)).Field);
            Assert.Equal(SyncErrorCode.InvalidConfiguration, (await Assert.ThrowsAsync<SyncException>(() => _desk.CreateAsync(draft, "ann"))).Code);
        }
        await _desk.CreateAsync(Good, "ann");
        Assert.Contains("name", (await Assert.ThrowsAsync<SyncException>(() => _desk.CreateAsync(Good with { Name = "BOOKS" }, "ann"))).Message, StringComparison.Ordinal);
        Assert.Equal(1L, await _central.ScalarAsync<long>("SELECT count(*) FROM console.webhooks"));
    }

    [Fact]
    public async Task Who_was_slower_is_told_and_who_needs_a_reason_must_give_one()
    {
        var (webhook, _) = await _desk.CreateAsync(Good, "ann");
        var changed = await _desk.UpdateAsync(webhook.Id, webhook.Version, Good with { Events = [WebhookEvent.RunFailed] }, "bob");
        Assert.Equal(SyncErrorCode.Moved, (await Assert.ThrowsAsync<SyncException>(() => _desk.UpdateAsync(webhook.Id, webhook.Version, Good, "ann"))).Code);
        Assert.Equal(["run.failed"], changed.Draft.Events);

        await Assert.ThrowsAsync<SyncException>(() => _desk.SwitchAsync(webhook.Id, isOn: false, " ", "ann"));
        Assert.Equal("OFF", (await _desk.SwitchAsync(webhook.Id, isOn: false, "maintenance", "ann")).Status);
        Assert.Equal(SyncErrorCode.Moved, (await Assert.ThrowsAsync<SyncException>(() => _desk.SwitchAsync(webhook.Id, isOn: false, "again", "ann"))).Code);
        await _desk.DeleteAsync(webhook.Id, "not needed", "ann");
        Assert.Equal(SyncErrorCode.Moved, (await Assert.ThrowsAsync<SyncException>(() => _desk.TestAsync(webhook.Id, "ann"))).Code);
        Assert.Equal(SyncErrorCode.Moved, (await Assert.ThrowsAsync<SyncException>(() => _desk.RedeliverAsync(webhook.Id, 1, "ann"))).Code);
        Assert.Equal("webhook.create webhook.edit webhook.off webhook.delete", await _central.ScalarAsync<string>("SELECT string_agg(action, ' ' ORDER BY id) FROM payflow.audit"));
    }

    [Fact]
    public async Task A_new_secret_leaves_the_one_before_valid_for_a_day_and_neither_is_to_be_read_anywhere()
    {
        var (webhook, first) = await _desk.CreateAsync(Good, "ann");
        var second = await _desk.RotateAsync(webhook.Id, "it was mailed around", "ann");
        Assert.NotEqual(first, second);
        var queue = new DeliveryQueue(_source, _settings);
        Assert.Equal([second, first], await SecretsAsync());
        Assert.InRange((await _desk.FindAsync(webhook.Id))!.OldSecretUntil!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));

        await _central.ExecuteAsync("UPDATE console.webhooks SET old_secret_until = now() - interval '1 second'");
        Assert.Equal([second], await SecretsAsync());
        Assert.Null((await _desk.FindAsync(webhook.Id))!.OldSecretUntil);
        foreach (var secret in new[] { first, second })
            Assert.False(await _central.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM payflow.audit WHERE detail::text LIKE '%{secret[6..]}%') OR EXISTS (SELECT FROM console.webhooks WHERE secret || coalesce(old_secret, '') LIKE '%{secret[6..]}%')"));

        async Task<IEnumerable<string>> SecretsAsync()
        {
            await _desk.TestAsync(webhook.Id, "ann");
            return Assert.Single(await queue.TakeAsync("host", 10, 10, [], CancellationToken.None)).Secrets.Select(_secrets.Unprotect);
        }
    }

    [Fact]
    public async Task A_secret_whose_key_is_gone_fails_the_delivery_with_its_remedy()
    {
        var (webhook, _) = await _desk.CreateAsync(Good, "ann");
        await _desk.TestAsync(webhook.Id, "ann");
        using var line = WebhookLine.Create(_settings);
        var taken = Assert.Single(await new DeliveryQueue(_source, _settings).TakeAsync("host", 10, 10, [], CancellationToken.None));
        var attempt = await new WebhookRequest(line, new WebhookSecrets(new EphemeralDataProtectionProvider()), _settings, TimeProvider.System).SendAsync(taken, CancellationToken.None);
        Assert.Contains("cannot be read", attempt.Error, StringComparison.Ordinal);
        Assert.Contains("Make a new secret", attempt.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ended_long_ago_goes_and_what_waits_stays()
    {
        var (webhook, _) = await _desk.CreateAsync(Good, "ann");
        await _central.ExecuteAsync($"""
            INSERT INTO console.webhook_deliveries (webhook_id, event_id, type, body, origin, state, created_at, finished_at)
            SELECT '{webhook.Id}', 'evt_' || i, 'run.finished', '', 'event', CASE WHEN i % 2 = 0 THEN 'FAILED' ELSE 'WAITING' END, now() - interval '90 days', CASE WHEN i % 2 = 0 THEN now() - make_interval(days => i) END FROM generate_series(1, 60) i;
            INSERT INTO console.webhook_attempts (delivery_id, attempt, at, host, duration_ms, request_headers) SELECT id, 1, now(), 'host', 1, '[]' FROM console.webhook_deliveries WHERE finished_at IS NOT NULL
            """);
        Assert.Equal(16, await DeliveryPruning.ExecuteAsync(_source, 30, DeliveryPruning.Rows, CancellationToken.None));
        Assert.Equal(("30 14", 14L), (await _central.ScalarAsync<string>("SELECT count(*) FILTER (WHERE finished_at IS NULL) || ' ' || count(finished_at) FROM console.webhook_deliveries"), await _central.ScalarAsync<long>("SELECT count(*) FROM console.webhook_attempts")));
        Assert.Equal(9, await DeliveryPruning.ExecuteAsync(_source, 30, 50, CancellationToken.None) + await DeliveryPruning.ExecuteAsync(_source, 30, 40, CancellationToken.None));
        Assert.Equal(0, await DeliveryPruning.ExecuteAsync(_source, 30, 40, CancellationToken.None));
    }

    [Fact]
    public async Task While_no_webhook_wants_it_nothing_is_written_and_who_may_only_sync_may_go_on_doing_so()
    {
        await _central.ExecuteAsync("INSERT INTO payflow.sync_log (id, sync_type, direction, status) VALUES (gen_random_uuid(), 'manual', 'both', 'SYNCED')");
        Assert.Equal(0L, await _central.ScalarAsync<long>("SELECT count(*) FROM console.webhook_deliveries"));

        await _desk.CreateAsync(Good, "ann");
        await _central.ExecuteAsync("""
            CREATE ROLE "only sync" NOLOGIN;
            GRANT USAGE ON SCHEMA payflow TO "only sync";
            GRANT SELECT, INSERT, UPDATE ON payflow.sync_log TO "only sync";
            SET ROLE "only sync";
            INSERT INTO payflow.sync_log (id, sync_type, direction, status) VALUES (gen_random_uuid(), 'manual', 'both', 'SYNCED');
            RESET ROLE;
            DROP OWNED BY "only sync";
            DROP ROLE "only sync";
            """);
        Assert.Equal(1L, await _central.ScalarAsync<long>("SELECT count(*) FROM console.webhook_deliveries"));
    }

    [Fact]
    public async Task A_run_that_ends_while_a_webhook_is_deleted_is_kept_and_told_to_the_others()
    {
        var (gone, _) = await _desk.CreateAsync(Good, "ann");
        var (stays, _) = await _desk.CreateAsync(Good with { Name = "stays" }, "ann");
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var delete = new NpgsqlCommand("DELETE FROM console.webhooks WHERE id = $1", connection) { Parameters = { new() { Value = gone.Id } } })
            await delete.ExecuteNonQueryAsync();
        var run = _central.ExecuteAsync("INSERT INTO payflow.sync_log (id, sync_type, direction, status) VALUES (gen_random_uuid(), 'manual', 'both', 'SYNCED')");
        await Until.TrueAsync(async () => await _central.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"));
        await transaction.CommitAsync();
        await run;
        Assert.Equal(stays.Id, await _central.ScalarAsync<Guid>("SELECT webhook_id FROM console.webhook_deliveries"));
        Assert.Equal(1L, await _central.ScalarAsync<long>("SELECT count(*) FROM payflow.sync_log"));
    }

    [Theory]
    [InlineData("PAYFLOW_WEBHOOK_NETWORKS", "10.0.0.0/99")]
    [InlineData("PAYFLOW_WEBHOOK_NETWORKS", "my-network")]
    [InlineData("PAYFLOW_WEBHOOK_HTTP", "maybe")]
    [InlineData("PAYFLOW_WEBHOOK_QUEUE_LIMIT", "0")]
    [InlineData("PAYFLOW_WEBHOOK_SILENT_MINUTES", "1.5")]
    [InlineData("PAYFLOW_WEBHOOK_DAYS", "-1")]
    public void A_setting_that_cannot_be_read_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<SyncException>(() => WebhookSettings.Read(n => n == name ? value : null)).Message, StringComparison.Ordinal);
}
