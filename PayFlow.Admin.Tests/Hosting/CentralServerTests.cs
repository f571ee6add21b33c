using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Hosting;

public sealed class CentralServerTests : IDisposable
{
    private readonly string _folder = TestFolder.Create();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_configured_server_is_used_and_nothing_else()
    {
        await using var central = await CentralServer.OpenAsync("postgres://u:p@127.0.0.1:1/db", _folder, progress: null, CancellationToken.None);

        Assert.False(central.IsEmbedded);
        Assert.Contains("Database=db", central.ConnectionString, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Without_one_a_private_server_has_a_database_of_our_own()
    {
        if (new[] { "ConnectionStrings__Central", "DATABASE_URL" }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }))
            return;
        await using var central = await CentralServer.OpenAsync(null, _folder, progress: null, CancellationToken.None);
        await using var again = await CentralServer.OpenAsync(null, _folder, progress: null, CancellationToken.None);

        Assert.True(again.IsEmbedded);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(again.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_database()", connection);
        Assert.Equal("payflow", await command.ExecuteScalarAsync());
    }
}
