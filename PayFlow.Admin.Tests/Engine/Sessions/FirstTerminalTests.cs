using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>The rows that a chain's first terminal had before PayFlow.</summary>
public sealed class FirstTerminalTests
{
    private const string Central = "CREATE TABLE items (id text PRIMARY KEY, name text NOT NULL)";
    private const string Terminal = "CREATE TABLE items (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL)";
    private const string Rows = "; INSERT INTO items VALUES ('a', 'Tea'), ('b', 'Milk'), ('c', 'Sugar')";
    private const string Log = "SELECT coalesce(string_agg(op::text || coalesce(key, '*'), ' ' ORDER BY generation, xid, id), '') FROM payflow.change_log";

    [Fact]
    public async Task Old_rows_of_the_only_terminal_are_one_entry_of_the_log_and_reach_the_next_terminal()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "items" });
        var first = await chain.TillAsync("t1", Terminal + Rows);

        Assert.Equal("R*", await chain.Database.ScalarAsync<string>(Log));
        Assert.Equal(0, (await first.SyncAsync()).Moved);
        Assert.Equal(3L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM items"));

        var second = await chain.TillAsync("t2", Terminal);
        Assert.Equal(3, (await second.SyncAsync()).Moved);
    }

    [Fact]
    public async Task With_another_terminal_registered_old_rows_are_logged_one_by_one()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "items" });
        var first = await chain.TillAsync("t1", Terminal);
        await first.SyncAsync();

        await chain.TillAsync("t2", Terminal + Rows);

        Assert.Equal("Ia Ib Ic", await chain.Database.ScalarAsync<string>(Log));
        Assert.Equal(3, (await first.SyncAsync()).Moved);
    }
}
