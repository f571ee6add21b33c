using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Rows that come down and that the terminal refuses, or that are none of its business.</summary>
public sealed class RefusedRowTests
{
    private const string Central = """
        CREATE TABLE parents (id int PRIMARY KEY, name text);
        CREATE TABLE goods (id int PRIMARY KEY, sku text, qty int, parent int, store_id int);
        """;

    private const string Local = """
        CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE goods (id INTEGER PRIMARY KEY, sku TEXT UNIQUE, qty INTEGER CHECK (qty >= 0), parent INTEGER REFERENCES parents(id), store_id INTEGER);
        CREATE TRIGGER goods_refuse BEFORE INSERT ON goods WHEN NEW.sku = 'forbidden' BEGIN SELECT RAISE(ABORT, 'not here'); END;
        """;

    [Theory]
    [InlineData("(2, 's1', 1, NULL)", "UNIQUE constraint failed: goods.sku", "UPDATE goods SET sku = 's2' WHERE id = 2", null)]
    [InlineData("(2, 's2', -1, NULL)", "CHECK constraint failed", "UPDATE goods SET qty = 1 WHERE id = 2", null)]
    [InlineData("(2, 's2', 1, 7)", "refers to a row", "INSERT INTO parents VALUES (7, 'late')", null)]
    [InlineData("(2, 'forbidden', 1, NULL)", "not here", null, "DROP TRIGGER goods_refuse")]
    public async Task A_refused_row_is_set_aside_with_its_reason_and_arrives_once_possible(string row, string reason, string? centralRemedy, string? localRemedy)
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (1, 's1', 1, NULL)");
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync($"INSERT INTO goods (id, sku, qty, parent) VALUES {row}, (3, 's3', 3, NULL); UPDATE goods SET qty = 5 WHERE id = 1");
        var report = await till.SyncAsync();
        Assert.Equal(1, report.SetAside);
        Assert.Equal(RunStatus.Failed, report.Status);
        Assert.Contains(reason, Assert.Single(till.Texts("SELECT reason FROM payflow_aside WHERE table_name = 'goods' AND key = '2'")), StringComparison.Ordinal);
        Assert.Equal(["1|5", "3|3"], till.Texts("SELECT id || '|' || qty FROM goods ORDER BY id"));
        await chain.Database.ExecuteAsync("UPDATE goods SET qty = 6 WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal(6L, till.Scalar("SELECT qty FROM goods WHERE id = 1"));
        Assert.True((long)till.Scalar("SELECT attempts FROM payflow_aside")! > 1);

        if (centralRemedy is not null)
            await chain.Database.ExecuteAsync(centralRemedy);
        if (localRemedy is not null)
            till.Execute(localRemedy);
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["1", "2", "3"], till.Texts("SELECT id FROM goods ORDER BY id"));
        Assert.Empty(till.Texts("SELECT key FROM payflow_aside"));
    }

    [Fact]
    public async Task A_row_that_leaves_the_terminals_filter_is_removed_there_and_one_that_enters_arrives()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "parents" }, new TableMapEntry { Name = "goods", Filter = "store_id = {terminal.store_id}" });
        await chain.Database.ExecuteAsync("INSERT INTO goods (id, sku, store_id) SELECT i, 's' || i, i % 2 FROM generate_series(1, 6) i");
        var till = await chain.TillAsync("T1", Local, new Dictionary<string, string> { ["store_id"] = "1" });
        await till.SyncAsync();
        Assert.Equal(["1", "3", "5"], till.Texts("SELECT id FROM goods ORDER BY id"));
        await chain.Database.ExecuteAsync("UPDATE goods SET store_id = 0 WHERE id = 1; UPDATE goods SET store_id = 1 WHERE id = 2; UPDATE goods SET store_id = NULL WHERE id = 3; UPDATE goods SET sku = 'not ours' WHERE id = 4");
        await till.SyncAsync();
        Assert.Equal(["2", "5"], till.Texts("SELECT id FROM goods ORDER BY id"));
        Assert.Equal(6L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods"));
        till.Execute("INSERT INTO goods (id, sku, store_id) VALUES (50, 'mine', 1), (51, 'of another store', 0)");
        await till.SyncAsync();
        Assert.Equal(8L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }
}
