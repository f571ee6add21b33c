using PayFlow.Admin.Tests.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Capture;

/// <summary>A row that came down is known to central by <c>server_id</c> alone: when it goes, its before-image must still name it.</summary>
public sealed class LinkedCaptureTests
{
    private const string Central = """
        CREATE TABLE orders (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, number text);
        CREATE TABLE lines (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, order_id text NOT NULL REFERENCES orders, quantity int);
        INSERT INTO orders VALUES ('o1', 'A1'), ('o2', 'A2');
        INSERT INTO lines VALUES ('l1', 'o1', 1);
        """;

    private const string Local = """
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY, server_id TEXT, number TEXT);
        CREATE TABLE lines (local_id INTEGER PRIMARY KEY, server_id TEXT, order_id INTEGER NOT NULL REFERENCES orders(local_id) ON DELETE CASCADE, quantity INTEGER);
        """;

    [Fact]
    public async Task A_row_that_came_down_is_deleted_in_central_with_its_children()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();

        till.Execute("DELETE FROM orders WHERE number = 'A1'");
        await till.SyncAsync();

        Assert.Equal("o2", await chain.Database.ScalarAsync<string>("SELECT string_agg(id, ',') FROM orders"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM lines"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task A_row_that_came_down_and_is_replaced_stays_the_same_row()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();

        till.Execute("INSERT OR REPLACE INTO orders (local_id, number) SELECT local_id, 'B2' FROM orders WHERE number = 'A2'");
        await till.SyncAsync();

        Assert.Equal("B2", await chain.Database.ScalarAsync<string>("SELECT number FROM orders WHERE id = 'o2'"));
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal("o2", till.File.Scalar("SELECT server_id FROM orders WHERE number = 'B2'"));
    }
}
