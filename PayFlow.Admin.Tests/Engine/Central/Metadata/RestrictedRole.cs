using Npgsql;
using PayFlow.Admin.Tests.Fixtures;

namespace PayFlow.Admin.Tests.Engine.Central.Metadata;

/// <summary>A role that may sign in to one database and nothing else, dropped when disposed.</summary>
internal sealed class RestrictedRole : IAsyncDisposable
{
    private readonly CentralDatabase _central;

    private RestrictedRole(CentralDatabase central, string name)
    {
        _central = central;
        Name = name;
        var connection = new NpgsqlConnectionStringBuilder(central.ConnectionString);
        Database = connection.Database!;
        connection.Username = name;
        connection.Password = name;
        DataSource = NpgsqlDataSource.Create(connection);
    }

    public string Name { get; }

    public string Database { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<RestrictedRole> CreateAsync(CentralDatabase central)
    {
        var name = "r_" + Guid.NewGuid().ToString("N");
        await central.ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD '{name}'; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        return new RestrictedRole(central, name);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _central.ExecuteAsync($"DROP OWNED BY {Name}; DROP ROLE {Name}");
    }
}
