using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>A migrated database that others are copied from: the migrations are tried by tests of their own, and take longer than most of the rest.</summary>
internal static class CentralTemplate
{
    private const string Prefix = "t_template_";

    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    // Open as long as this process lives, and with it a lock (a database has its own, so always in the same one) by which other runs on the same server see that the template is in use.
    private static NpgsqlConnection? _hold;

    /// <summary>Its name on the test server.</summary>
    public static Task<string> NameAsync() => Made.Value;

    private static async Task<string> MakeAsync()
    {
        var server = await TestServer.ConnectionStringAsync();
        var name = Prefix + Guid.NewGuid().ToString("N");
        _hold = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false }.ConnectionString);
        await _hold.OpenAsync();
        await DropAbandonedAsync(_hold);
        await ExecuteAsync(_hold, $"SELECT pg_advisory_lock(hashtext('{name}'))");
        await ExecuteAsync(_hold, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString);
        await MetadataMigrator.MigrateAsync(source);
        await ConsoleMigrator.MigrateAsync(source);
        return name;
    }

    // Of runs that have ended; a server of our own has none.
    private static async Task DropAbandonedAsync(NpgsqlConnection server)
    {
        var abandoned = new List<string>();
        await using (var find = new NpgsqlCommand($"SELECT datname FROM pg_database WHERE starts_with(datname, '{Prefix}') AND pg_try_advisory_lock(hashtext(datname))", server))
        {
            await using var reader = await find.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                abandoned.Add(reader.GetString(0));
        }
        foreach (var name in abandoned)
            await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(NpgsqlConnection server, string sql)
    {
        await using var command = new NpgsqlCommand(sql, server);
        await command.ExecuteNonQueryAsync();
    }
}
