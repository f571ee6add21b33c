using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Metadata;

public sealed class SystemSettingsTests
{
    private const string Name = "system_settings";

    public static TheoryData<string> Adoptable => new()
    {
        "setting_key text PRIMARY KEY, setting_value text",
        "key varchar(100) UNIQUE, value text",
        "key text NOT NULL, value varchar(200)",
        "id varchar(36) PRIMARY KEY, setting_key varchar(255) NOT NULL UNIQUE, setting_value text, updated_at timestamp(3) NOT NULL",
        "id uuid PRIMARY KEY, key text NOT NULL, value jsonb NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL",
        "id text PRIMARY KEY, setting_key text UNIQUE, setting_value json, updated_at date NOT NULL",
        "id serial PRIMARY KEY, setting_key text, setting_value text, description text, category text NOT NULL DEFAULT 'general'",
        "id int GENERATED ALWAYS AS IDENTITY, setting_key text UNIQUE DEFERRABLE, setting_value text, length int GENERATED ALWAYS AS (length(setting_value)) STORED",
        "tenant int NOT NULL DEFAULT 1, setting_key text, setting_value text, UNIQUE (tenant, setting_key)",
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "name text, content text", "content" },
        { "setting_key int PRIMARY KEY, setting_value text", "setting_key integer" },
        { "setting_key char(80) PRIMARY KEY, setting_value text", "setting_key character(80)" },
        { "setting_key text PRIMARY KEY, setting_value bytea", "setting_value bytea" },
        { "setting_key text PRIMARY KEY, setting_value text, category text NOT NULL", "category" },
        { "id int PRIMARY KEY, setting_key text, setting_value text", "id" },
        { "id varchar(20) PRIMARY KEY, setting_key text, setting_value text", "id" },
        { "setting_key text PRIMARY KEY, setting_value text, updated_at text NOT NULL", "updated_at" },
    };

    [Fact]
    public async Task An_absent_table_is_created_once_by_hosts_that_start_together()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var connection = await central.DataSource.OpenConnectionAsync();
            await SystemSettings.OpenAsync(connection, Name, CancellationToken.None);
        }));
        Assert.Equal(
            ["setting_key text", "setting_value text", "updated_at timestamp with time zone"],
            (await central.ScalarAsync<string[]>("SELECT array_agg(column_name || ' ' || data_type ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'system_settings'"))!);
    }

    [Theory]
    [MemberData(nameof(Adoptable))]
    public async Task A_table_of_a_known_shape_is_used_as_it_is(string columns)
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync($"CREATE TABLE system_settings ({columns})");
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var settings = await SystemSettings.OpenAsync(connection, Name, CancellationToken.None);
        await settings.SetManyAsync(connection, null, new Dictionary<string, string> { ["sync.checkpoint.push.b"] = "1", ["sync.checkpoint.push.a"] = "it's \"2\"", ["sync_x"] = "3" });
        await settings.SetManyAsync(connection, null, new Dictionary<string, string> { ["sync.checkpoint.push.b"] = "4", ["sync.checkpoint.push.a"] = "it's \"2\"" });
        Assert.Equal("4", await settings.GetAsync(connection, "sync.checkpoint.push.b"));
        Assert.Equal("3", await settings.GetAsync(connection, "sync_x"));
        Assert.Null(await settings.GetAsync(connection, "absent"));
        var listed = await settings.ListAsync(connection, "sync.checkpoint.");
        Assert.Equal(new Dictionary<string, string> { ["sync.checkpoint.push.a"] = "it's \"2\"", ["sync.checkpoint.push.b"] = "4" }, listed.OrderBy(p => p.Key).ToDictionary());
        Assert.Equal(3L, await central.ScalarAsync<long>("SELECT count(*) FROM system_settings"));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_table_of_another_shape_is_refused_with_its_columns_and_the_setting_to_change(string columns, string named)
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync($"CREATE TABLE system_settings ({columns})");
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var refused = await Assert.ThrowsAsync<SyncException>(() => SystemSettings.OpenAsync(connection, Name, CancellationToken.None));
        Assert.Contains("public.system_settings", refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("PAYFLOW_SETTINGS_TABLE", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_is_found_by_the_search_path_and_by_a_name_with_a_schema()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE SCHEMA chain; CREATE TABLE chain.system_settings (key text PRIMARY KEY, value text); CREATE SCHEMA \"Own.er\"");
        await using var connection = await central.DataSource.OpenConnectionAsync();
        await using (var path = new NpgsqlCommand("SET search_path = chain, public", connection))
            await path.ExecuteNonQueryAsync();
        Assert.Equal("chain.system_settings", (await SystemSettings.OpenAsync(connection, Name, CancellationToken.None)).TableName);
        Assert.Equal("public.\"Other\"", (await SystemSettings.OpenAsync(connection, "public.Other", CancellationToken.None)).TableName);
    }

    [Theory]
    [InlineData("nowhere.settings")]
    [InlineData("public.")]
    [InlineData("public.a_view")]
    public async Task A_name_that_can_be_no_table_is_refused(string name)
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE VIEW public.a_view AS SELECT 1 AS one");
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var refused = await Assert.ThrowsAsync<SyncException>(() => SystemSettings.OpenAsync(connection, name, CancellationToken.None));
        Assert.Contains("PAYFLOW_SETTINGS_TABLE", refused.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key text, value text")]
    [InlineData("key text PRIMARY KEY, value text")]
    public async Task Writers_of_the_same_keys_at_once_leave_one_row_each(string columns)
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync($"CREATE TABLE system_settings ({columns})");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            await using var connection = await central.DataSource.OpenConnectionAsync();
            var settings = await SystemSettings.OpenAsync(connection, Name, CancellationToken.None);
            var keys = Enumerable.Range(0, 20).OrderBy(k => (k * 7) + (i * 3) % 20);
            await settings.SetManyAsync(connection, null, keys.ToDictionary(k => $"k{k}", _ => $"{i}"));
        }));
        Assert.Equal(20L, await central.ScalarAsync<long>("SELECT count(*) FROM system_settings"));
        Assert.Equal(20L, await central.ScalarAsync<long>("SELECT count(DISTINCT key) FROM system_settings"));
    }

    [Fact]
    public async Task What_is_written_belongs_to_the_callers_transaction()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var settings = await SystemSettings.OpenAsync(connection, Name, CancellationToken.None);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await settings.SetManyAsync(connection, transaction, new Dictionary<string, string> { ["a"] = "1" });
            await transaction.RollbackAsync();
        }
        Assert.Null(await settings.GetAsync(connection, "a"));
    }

    [Fact]
    public async Task A_changed_setting_moves_updated_at_and_an_unchanged_one_does_not()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE TABLE system_settings (setting_key text PRIMARY KEY, setting_value text, updated_at timestamptz); INSERT INTO system_settings VALUES ('a', '1', '2001-01-01'), ('b', '1', '2001-01-01')");
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var settings = await SystemSettings.OpenAsync(connection, Name, CancellationToken.None);
        await settings.SetManyAsync(connection, null, new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        Assert.Equal(["b"], (await central.ScalarAsync<string[]>("SELECT array_agg(setting_key) FROM system_settings WHERE updated_at > now() - interval '1 hour'"))!);
    }

    [Fact]
    public async Task A_value_too_long_for_its_column_is_refused_not_cut()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE TABLE system_settings (key text PRIMARY KEY, value varchar(5))");
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var settings = await SystemSettings.OpenAsync(connection, Name, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<SyncException>(() => settings.SetManyAsync(connection, null, new Dictionary<string, string> { ["a"] = "123456" }));
        Assert.Contains("system_settings", refused.Message, StringComparison.Ordinal);
        Assert.Null(await settings.GetAsync(connection, "a"));
    }

    [Fact]
    public async Task A_role_that_may_not_create_or_write_the_table_is_told_the_grant()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await using var role = await RestrictedRole.CreateAsync(central);
        await using var connection = await role.DataSource.OpenConnectionAsync();
        var create = await Assert.ThrowsAsync<SyncException>(() => SystemSettings.OpenAsync(connection, Name, CancellationToken.None));
        Assert.Contains($"GRANT USAGE, CREATE ON SCHEMA public TO \"{role.Name}\"", create.Hint, StringComparison.Ordinal);
        await central.ExecuteAsync($"CREATE TABLE system_settings (key text PRIMARY KEY, value text); GRANT SELECT ON system_settings TO {role.Name}");
        var write = await Assert.ThrowsAsync<SyncException>(() => SystemSettings.OpenAsync(connection, Name, CancellationToken.None));
        Assert.Contains($"GRANT SELECT, INSERT, UPDATE ON public.system_settings TO \"{role.Name}\"", write.Hint, StringComparison.Ordinal);
    }
}
