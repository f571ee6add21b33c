using Microsoft.EntityFrameworkCore;
using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Metadata;

public sealed class MetadataMigratorTests
{
    [Fact]
    public async Task Migrating_twice_keeps_the_identity_and_the_generation()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var id = await central.ScalarAsync<Guid>("SELECT id FROM payflow.central");
        await MetadataMigrator.MigrateAsync(central.DataSource);
        Assert.NotEqual(Guid.Empty, id);
        Assert.Equal(id, await central.ScalarAsync<Guid>("SELECT id FROM payflow.central"));
        Assert.Equal(1, await central.ScalarAsync<int>("SELECT generation FROM payflow.central"));
        Assert.True(await central.ScalarAsync<bool>("SELECT system_identifier = (SELECT system_identifier FROM pg_control_system()) AND timeline = (SELECT timeline_id FROM pg_control_checkpoint()) FROM payflow.central"));
    }

    [Fact]
    public async Task Hosts_that_start_together_migrate_once()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MetadataMigrator.MigrateAsync(central.DataSource)));
        Assert.Equal(MetadataMigrator.Known.Count, await central.ScalarAsync<long>("SELECT count(*) FROM payflow.\"__EFMigrationsHistory\""));
        Assert.Equal(1L, await central.ScalarAsync<long>("SELECT count(*) FROM payflow.central"));
        Assert.Equal(0L, await central.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task One_connection_is_enough()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var single = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(central.ConnectionString) { MaxPoolSize = 1, Timeout = 5 });
        await MetadataMigrator.MigrateAsync(single);
        Assert.Equal(1L, await central.ScalarAsync<long>("SELECT count(*) FROM payflow.central"));
    }

    [Fact]
    public async Task The_list_of_known_migrations_is_the_one_that_the_context_finds()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var context = PayFlowContext.Open(central.DataSource);
        Assert.Equal(context.Database.GetMigrations(), MetadataMigrator.Known);
    }

    [Fact]
    public async Task A_wait_for_another_host_ends_when_it_is_done()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var other = await central.DataSource.OpenConnectionAsync();
        await using (var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({AdvisoryKey.Migration})", other))
            await hold.ExecuteNonQueryAsync();
        var migrating = MetadataMigrator.MigrateAsync(central.DataSource);
        Assert.NotSame(migrating, await Task.WhenAny(migrating, Task.Delay(500)));
        await using (var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({AdvisoryKey.Migration})", other))
            await release.ExecuteNonQueryAsync();
        await migrating.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("system_identifier = system_identifier - 1")]
    [InlineData("timeline = timeline + 1")]
    public async Task Another_cluster_underneath_starts_a_new_generation_once(string change)
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var id = await central.ScalarAsync<Guid>("SELECT id FROM payflow.central");
        await central.ExecuteAsync($"UPDATE payflow.central SET {change}");
        await Task.WhenAll(MetadataMigrator.MigrateAsync(central.DataSource), MetadataMigrator.MigrateAsync(central.DataSource));
        await MetadataMigrator.MigrateAsync(central.DataSource);
        Assert.Equal(2, await central.ScalarAsync<int>("SELECT generation FROM payflow.central"));
        Assert.Equal(id, await central.ScalarAsync<Guid>("SELECT id FROM payflow.central"));
    }

    [Fact]
    public async Task A_cluster_that_was_not_known_before_is_stored_without_a_new_generation()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        await central.ExecuteAsync("UPDATE payflow.central SET system_identifier = NULL, timeline = NULL");
        await MetadataMigrator.MigrateAsync(central.DataSource);
        Assert.Equal(1, await central.ScalarAsync<int>("SELECT generation FROM payflow.central WHERE system_identifier IS NOT NULL AND timeline IS NOT NULL"));
    }

    [Fact]
    public async Task A_server_that_hides_its_cluster_is_served_and_keeps_what_was_stored()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var role = await RestrictedRole.CreateAsync(central);
        await central.ExecuteAsync($"REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC; GRANT CREATE ON DATABASE {role.Database} TO {role.Name}");
        await MetadataMigrator.MigrateAsync(role.DataSource);
        Assert.Equal(1L, await central.ScalarAsync<long>("SELECT count(*) FROM payflow.central WHERE system_identifier IS NULL AND generation = 1"));
        await central.ExecuteAsync("UPDATE payflow.central SET system_identifier = 42");
        await MetadataMigrator.MigrateAsync(role.DataSource);
        Assert.Equal(1L, await central.ScalarAsync<long>("SELECT count(*) FROM payflow.central WHERE system_identifier = 42 AND generation = 1"));
    }

    [Fact]
    public async Task A_role_that_may_not_create_the_schema_is_told_the_grant()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var role = await RestrictedRole.CreateAsync(central);
        var refused = await Assert.ThrowsAsync<SyncException>(() => MetadataMigrator.MigrateAsync(role.DataSource));
        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(role.Name, refused.Message, StringComparison.Ordinal);
        await RunHintAsync(central, refused);
        await MetadataMigrator.MigrateAsync(role.DataSource);
    }

    [Fact]
    public async Task A_role_without_rights_in_a_schema_that_is_there_is_told_the_grant()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var role = await RestrictedRole.CreateAsync(central);
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var refused = await Assert.ThrowsAsync<SyncException>(() => MetadataMigrator.MigrateAsync(role.DataSource));
        await RunHintAsync(central, refused);
        await MetadataMigrator.MigrateAsync(role.DataSource);
    }

    [Fact]
    public async Task A_role_that_owns_nothing_but_may_create_in_the_schema_can_migrate()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var role = await RestrictedRole.CreateAsync(central);
        await central.ExecuteAsync($"CREATE SCHEMA payflow; GRANT USAGE, CREATE ON SCHEMA payflow TO {role.Name}");
        await MetadataMigrator.MigrateAsync(role.DataSource);
        Assert.Equal(1L, await central.ScalarAsync<long>("SELECT count(*) FROM payflow.central"));
    }

    [Fact]
    public async Task A_central_of_a_newer_program_is_refused()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        await central.ExecuteAsync("INSERT INTO payflow.\"__EFMigrationsHistory\" VALUES ('2099010101_Later', '99.0.0')");
        var refused = await Assert.ThrowsAsync<SyncException>(() => MetadataMigrator.MigrateAsync(central.DataSource));
        Assert.Contains("2099010101_Later", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }

    [Fact]
    public async Task A_central_that_only_reads_is_refused_in_words()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var reading = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(central.ConnectionString) { Options = "-c default_transaction_read_only=on" });
        var refused = await Assert.ThrowsAsync<SyncException>(() => MetadataMigrator.MigrateAsync(reading));
        Assert.Equal(SyncErrorCode.CentralUnavailable, refused.Code);
        Assert.NotNull(refused.Hint);
    }

    private static Task RunHintAsync(CentralDatabase central, SyncException refused)
    {
        Assert.Contains("GRANT", refused.Hint, StringComparison.Ordinal);
        return central.ExecuteAsync(refused.Hint![refused.Hint!.IndexOf("GRANT", StringComparison.Ordinal)..]);
    }
}
