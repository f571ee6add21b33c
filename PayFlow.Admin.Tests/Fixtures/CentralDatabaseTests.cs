using Xunit;

namespace PayFlow.Admin.Tests.Fixtures;

public sealed class CentralDatabaseTests
{
    [Fact]
    public async Task Every_test_has_an_empty_database_of_its_own()
    {
        await using var one = await CentralDatabase.CreateAsync();
        await using var other = await CentralDatabase.CreateAsync();

        await one.ExecuteAsync("CREATE TABLE seen (id int)");

        Assert.Equal(0L, await other.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE tablename = 'seen'"));
        Assert.Equal("UTF8", await one.ScalarAsync<string>("SHOW server_encoding"));
    }
}
