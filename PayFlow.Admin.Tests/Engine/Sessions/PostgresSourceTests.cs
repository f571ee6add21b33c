using Npgsql;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

public sealed class PostgresSourceTests
{
    [Theory]
    [InlineData("Host=db", 40)]
    [InlineData("Host=db;Maximum Pool Size=100", 100)]
    [InlineData("Host=db;maximum pool size=7", 7)]
    [InlineData("Host=db;MaxPoolSize=9", 9)]
    public void A_host_leaves_connections_to_others_unless_it_is_told_how_many_to_take(string connection, int most)
    {
        using var source = PostgresSource.Create(connection);

        Assert.Equal(most, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
    }
}
