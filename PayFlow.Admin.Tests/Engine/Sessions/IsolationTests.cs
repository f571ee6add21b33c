using System.Diagnostics;
using Npgsql;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>What bad rows cost the others, counted in statements to central.</summary>
public sealed class IsolationTests
{
    private const string Central = """
        CREATE TABLE parents (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE goods (id int PRIMARY KEY, name text NOT NULL, qty int CHECK (qty >= 0), parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
        """;

    private const string Local = "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, qty INTEGER, parent INTEGER)";

    private const int Rows = 2_000;

    [Theory]
    [InlineData("UPDATE goods SET qty = -1 WHERE id = 777", 1, 13 * 16)]
    [InlineData("UPDATE goods SET qty = -1 WHERE id % 500 = 7", 4, 4 * 13 * 16)]
    [InlineData("UPDATE goods SET name = NULL", Rows, 60)]
    [InlineData("INSERT INTO parents VALUES (1, NULL); UPDATE goods SET parent = 1", Rows + 1, 120)]
    [InlineData("INSERT INTO parents VALUES (1, NULL), (2, 'ok'); UPDATE goods SET parent = 1 + (id > 900)", 901, 120)]
    public async Task Bad_rows_cost_a_handful_of_statements_however_many_rows_go_with_them(string spoil, int left, int most)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "parents", Direction = SyncDirection.Pull }, new TableMapEntry { Name = "goods", Direction = SyncDirection.Pull });
        var till = await chain.TillAsync("T1", Local);
        till.Execute($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) INSERT INTO goods SELECT i, 'n', 1, NULL FROM n; {spoil}");
        // Waiting for other tests' transactions asks central, too; that is none of the engine's statements.
        await chain.SettledAsync();
        var good = await CountAsync(chain, () => till.Sync.RunAsync());
        Assert.Equal((long)left, till.Scalar("SELECT count(*) FROM sync_queue"));
        Assert.Equal(Rows + (spoil.Contains("'ok'", StringComparison.Ordinal) ? 2L : spoil.StartsWith("INSERT", StringComparison.Ordinal) ? 1L : 0L) - left, await chain.Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM goods) + (SELECT count(*) FROM parents)"));
        Assert.True(good <= most, $"{good} statements");
    }

    [Fact]
    public async Task A_child_of_a_conflicting_or_failed_parent_waits_for_it_and_goes_with_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central + "ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total < 1000), ADD UNIQUE (number);");
        var (till, other) = (await chain.TillAsync("T1", Shop.Local), await chain.TillAsync("T2", Shop.Local));
        other.Execute("INSERT INTO orders (number, total) VALUES ('same', 1)");
        await other.SyncAsync();
        till.Execute("INSERT INTO orders (number, total) VALUES ('same', 1), ('dear', 5000), ('good', 3); INSERT INTO order_items (order_id, quantity) VALUES (1, 1), (2, 2), (3, 3)");
        await till.SyncAsync();
        await till.SyncAsync();
        const string queue = "SELECT entity_type || '/' || entity_id || ' ' || status || CASE status WHEN 'PENDING' THEN ' ' || last_error ELSE '' END FROM sync_queue ORDER BY 1";
        Assert.Equal(["order_items/1 PENDING waits for orders/1", "order_items/2 PENDING waits for orders/2", "orders/1 CONFLICT", "orders/2 FAILED"], till.Texts(queue));

        // Discarded, the parent will never come: the child keeps saying what it waits for.
        till.Execute("DELETE FROM sync_queue WHERE entity_type = 'orders' AND entity_id = '2'; UPDATE orders SET number = 'another' WHERE local_id = 1");
        await till.SyncAsync();
        Assert.Equal(["order_items/2 PENDING waits for orders/2"], till.Texts(queue));
        Assert.Equal(["1", "3"], await chain.TextsAsync("SELECT quantity::text FROM order_items ORDER BY 1"));
        till.Execute("UPDATE orders SET total = 5 WHERE local_id = 2");
        await till.SyncAsync();
        Assert.Equal(3L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        Assert.Empty(till.Texts(queue));
    }

    // Npgsql tells of every command by an activity; other tests' databases are not this one's.
    private static async Task<int> CountAsync(SyncFixture chain, Func<Task> work)
    {
        var database = new NpgsqlConnectionStringBuilder(chain.Database.ConnectionString).Database;
        var count = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => count += activity.TagObjects.Any(t => t.Key is "db.name" or "db.namespace" && t.Value as string == database) && activity.DisplayName.Length > 0 ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return count;
    }
}
