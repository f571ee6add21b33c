using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using Xunit;

namespace PayFlow.Admin.Tests.Data;

public sealed class ConsoleMigratorTests
{
    [Fact]
    public async Task Several_hosts_may_start_at_once_and_again()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource, null, CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConsoleMigrator.MigrateAsync(central.DataSource)));
        await ConsoleMigrator.MigrateAsync(central.DataSource);

        Assert.Equal(0L, await central.ScalarAsync<long>("SELECT count(*) FROM console.jobs"));
        Assert.True(await central.ScalarAsync<bool>("SELECT to_regnamespace('quartz') IS NOT NULL"));
    }

    [Fact]
    public async Task A_console_of_a_newer_program_is_left_alone()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource, null, CancellationToken.None);
        await ConsoleMigrator.MigrateAsync(central.DataSource);
        await central.ExecuteAsync("""INSERT INTO console."__EFMigrationsHistory" VALUES ('2999010101_Later', '99.0')""");

        var refused = await Assert.ThrowsAsync<SyncException>(() => ConsoleMigrator.MigrateAsync(central.DataSource));

        Assert.Contains("2999010101_Later", refused.Message, StringComparison.Ordinal);
        Assert.Equal("Update PayFlow on this host.", refused.Hint);
    }

    [Fact]
    public async Task Nothing_that_works_with_the_consoles_rights_can_be_called_by_another_role()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource, null, CancellationToken.None);
        await ConsoleMigrator.MigrateAsync(central.DataSource);

        // A trigger's function cannot be called but by its table.
        Assert.Equal(string.Empty, await central.ScalarAsync<string>("""
            SELECT coalesce(string_agg(p.oid::regprocedure::text, ', '), '') FROM pg_proc p
            WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype AND p.pronamespace::regnamespace::text IN ('console', 'payflow', 'public') AND has_function_privilege('public', p.oid, 'EXECUTE')
            """));
    }

    [Fact]
    public async Task A_change_of_a_job_is_told_to_whoever_listens()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource, null, CancellationToken.None);
        await ConsoleMigrator.MigrateAsync(central.DataSource);
        await using var listener = await central.DataSource.OpenConnectionAsync();
        var told = new List<string>();
        listener.Notification += (_, e) => told.Add(e.Payload);
        await using (var listen = new NpgsqlCommand("LISTEN payflow_live", listener))
            await listen.ExecuteNonQueryAsync();

        await central.ExecuteAsync("""
            INSERT INTO console.schedules (name, cron, zone, direction, overlap, attempts, first_delay, longest_delay, created_by, updated_by) VALUES ('s', '* * * * *', 'UTC', 'both', 'skip', 1, '1 s', '1 s', 'x', 'x');
            """);
        await central.ExecuteAsync("INSERT INTO console.jobs (kind, request, state, origin, actor, attempts, first_delay, longest_delay) VALUES ('sync', '{}', 'RUNNING', 'manual', 'x', 1, '1 s', '1 s')");
        await central.ExecuteAsync("UPDATE console.jobs SET heartbeat_at = now()");
        await central.ExecuteAsync("DELETE FROM console.jobs");
        while (told.Count < 3)
            Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(["schedules", "jobs", "jobs"], told);
    }
}
