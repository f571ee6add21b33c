using Npgsql;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>A fresh PostgreSQL database on the test server, dropped when disposed.</summary>
public sealed class CentralDatabase : IAsyncDisposable
{
    private CentralDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>An empty one.</summary>
    public static Task<CentralDatabase> CreateAsync() => CopyAsync("template0");

    /// <summary>One with PayFlow's schemas, as a host leaves it that was started once; a central of its own.</summary>
    public static async Task<CentralDatabase> CreateMigratedAsync()
    {
        var central = await CopyAsync(await CentralTemplate.NameAsync());
        await central.ExecuteAsync("UPDATE payflow.central SET id = gen_random_uuid()");
        return central;
    }

    private static async Task<CentralDatabase> CopyAsync(string template)
    {
        var server = await TestServer.ConnectionStringAsync();
        var name = "t_" + Guid.NewGuid().ToString("N");
        await using (var admin = new NpgsqlConnection(server))
        {
            await admin.OpenAsync();
            await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'", admin);
            await create.ExecuteNonQueryAsync();
        }
        return new CentralDatabase(new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString);
    }

    /// <summary>Runs statements that give back nothing.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        var name = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await using var admin = new NpgsqlConnection(await TestServer.ConnectionStringAsync());
        await admin.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", admin);
        await drop.ExecuteNonQueryAsync();
    }
}
