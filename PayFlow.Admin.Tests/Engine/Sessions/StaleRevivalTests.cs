using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Rows that central has marked as deleted, and tills that know of them from before.</summary>
public sealed class StaleRevivalTests
{
    private const string Central = "CREATE TABLE s (id text PRIMARY KEY, name text, deleted_at timestamptz)";
    private const string Local = "CREATE TABLE s (id TEXT PRIMARY KEY, name TEXT, deleted_at TEXT);";

    [Fact]
    public async Task A_row_of_old_that_central_has_marked_as_deleted_does_not_come_back_by_being_compared()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "s" });
        await chain.Database.ExecuteAsync("INSERT INTO s VALUES ('a', 'newer', '2024-05-01Z')");
        var till = await chain.TillAsync("T1", Local + "INSERT INTO s VALUES ('a', 'old', NULL)", bootstrap: false);

        await till.Sync.RunAsync(new SyncRequest { Bootstrap = true });
        await till.SyncAsync();

        Assert.Equal("newer", await chain.Database.ScalarAsync<string>("SELECT name FROM s WHERE deleted_at IS NOT NULL"));
        Assert.Equal("newer", till.Scalar("SELECT name FROM s WHERE deleted_at IS NOT NULL"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts WHERE resolution = 'central'"));
    }

    [Fact]
    public async Task A_row_that_is_made_again_under_a_deleted_one_s_key_lives()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "s" });
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO s VALUES ('a', 'first', NULL)");
        await till.SyncAsync();
        till.Execute("DELETE FROM s");
        await till.SyncAsync();

        till.Execute("INSERT INTO s VALUES ('a', 'second', NULL)");
        await till.SyncAsync();

        Assert.Equal("second", await chain.Database.ScalarAsync<string>("SELECT name FROM s WHERE deleted_at IS NULL"));
    }
}
