using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Rows that can only go after others.</summary>
public sealed class WaitingRowTests
{
    private const string Deferred = "DEFERRABLE INITIALLY DEFERRED";

    [Theory]
    [InlineData("")]
    [InlineData(Deferred)]
    public async Task A_child_of_a_failed_parent_waits_by_name_and_goes_by_itself(string deferrable)
    {
        await using var chain = await SyncFixture.CreateAsync($"""
            CREATE TABLE parents (id int PRIMARY KEY, name text NOT NULL);
            CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents {deferrable}, name text);
            """);
        var till = await chain.TillAsync("T1", "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents(id), name TEXT)");
        till.Execute("INSERT INTO parents VALUES (1, NULL), (2, 'ok'); INSERT INTO children VALUES (1, 1, 'waits'), (2, 2, 'goes'), (3, NULL, 'goes')");
        await till.SyncAsync();
        Assert.Equal(["2", "3"], await chain.TextsAsync("SELECT id::text FROM children ORDER BY 1"));
        Assert.Equal(["PENDING waits for parents/1"], till.Texts("SELECT status || ' ' || last_error FROM sync_queue WHERE entity_type = 'children'"));

        till.Execute("UPDATE parents SET name = 'mended' WHERE id = 1");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(3L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM children"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task A_new_child_before_its_new_parent_in_one_batch_is_sent_once()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE nodes (id varchar(36) PRIMARY KEY, name text NOT NULL, parent_id varchar(36) REFERENCES nodes)");
        var till = await chain.TillAsync("T1", "CREATE TABLE nodes (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, name TEXT NOT NULL, parent_id INTEGER REFERENCES nodes(local_id))");
        till.Execute("INSERT INTO nodes (name) VALUES ('child'), ('parent'); UPDATE nodes SET parent_id = 2 WHERE local_id = 1");

        var run = await till.SyncAsync();

        Assert.True(run.IsClean, run.Error);
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM nodes"));
        Assert.Equal("parent", await chain.Database.ScalarAsync<string>("SELECT p.name FROM nodes c JOIN nodes p ON p.id = c.parent_id"));
    }

    [Fact]
    public async Task A_child_of_a_failed_order_waits_although_its_parent_has_no_key_in_central_yet()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central + "ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total < 1000);");
        var till = await chain.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO orders (number, total) VALUES ('dear', 5000), ('cheap', 1); INSERT INTO order_items (order_id, quantity) VALUES (1, 1), (2, 2)");
        await till.SyncAsync();
        Assert.Equal(["2"], await chain.TextsAsync("SELECT quantity::text FROM order_items"));
        Assert.Equal(["PENDING waits for orders/1"], till.Texts("SELECT status || ' ' || last_error FROM sync_queue WHERE entity_type = 'order_items'"));
        till.Execute("UPDATE orders SET total = 5 WHERE number = 'dear'");
        await till.SyncAsync();
        await Shop.AssertConvergedAsync(chain, till);
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
    }

    [Fact]
    public async Task Parents_go_first_although_their_priority_is_lower_and_batches_are_small()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, new TableMapEntry { Name = "order_items", Priority = 1, BatchSize = 2 }, new TableMapEntry { Name = "orders", Priority = 6 }, new TableMapEntry { Name = "products", Priority = 5 });
        var till = await chain.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO products VALUES ('p1', 's', 'P', '1.0000', 100)");
        for (var i = 0; i < 7; i++)
            till.Execute(Shop.Sale($"S{i}", "p1"));
        var report = await till.SyncAsync();
        Assert.True(report.IsClean);
        Assert.Equal(0, report.Tables.Sum(t => t.Waiting));
        Assert.Equal(7L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        Assert.Equal(93, await chain.Database.ScalarAsync<int>("SELECT stock FROM products"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Deferred)]
    public async Task Self_references_go_both_ways_whatever_the_order_of_their_keys(string deferrable)
    {
        await using var chain = await SyncFixture.CreateAsync($"CREATE TABLE staff (id int PRIMARY KEY, boss int REFERENCES staff {deferrable}, name text)");
        const string local = "CREATE TABLE staff (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES staff(id) DEFERRABLE INITIALLY DEFERRED, name TEXT)";
        var (till, other) = (await chain.TillAsync("T1", local), await chain.TillAsync("T2", local));
        till.Execute("BEGIN; INSERT INTO staff VALUES (1, 3, 'a'), (2, 1, 'b'), (3, NULL, 'c'), (4, 4, 'self'), (5, 9, 'e'), (9, 7, 'i'), (7, NULL, 'g'); COMMIT");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.True((await other.SyncAsync()).IsClean);
        Assert.Equal(till.File.Rows("SELECT * FROM staff ORDER BY id"), other.File.Rows("SELECT * FROM staff ORDER BY id"));
        other.Execute("BEGIN; DELETE FROM staff; COMMIT");
        Assert.True((await other.SyncAsync()).IsClean);
        await till.SyncAsync();
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM staff"));
    }

    [Fact]
    public async Task Two_tables_that_refer_to_each_other_arrive_together()
    {
        await using var chain = await SyncFixture.CreateAsync($"""
            CREATE TABLE departments (id int PRIMARY KEY, head int);
            CREATE TABLE people (id int PRIMARY KEY, department int REFERENCES departments {Deferred});
            ALTER TABLE departments ADD FOREIGN KEY (head) REFERENCES people {Deferred};
            """);
        const string local = "CREATE TABLE departments (id INTEGER PRIMARY KEY, head INTEGER REFERENCES people(id) DEFERRABLE INITIALLY DEFERRED); CREATE TABLE people (id INTEGER PRIMARY KEY, department INTEGER REFERENCES departments(id) DEFERRABLE INITIALLY DEFERRED)";
        var (till, other) = (await chain.TillAsync("T1", local), await chain.TillAsync("T2", local));
        till.Execute("BEGIN; INSERT INTO departments VALUES (1, 10), (2, 20); INSERT INTO people VALUES (10, 1), (20, 1), (30, 2); COMMIT");
        await till.SyncAsync();
        Assert.Empty(till.Texts("SELECT id || ' ' || status || ' ' || coalesce(last_error, '') FROM sync_queue"));
        Assert.Equal(3L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM people"));
        await other.SyncAsync();
        Assert.Empty(other.Texts("SELECT key || reason FROM payflow_aside"));
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM departments"));
        Assert.Equal(3L, other.Scalar("SELECT count(*) FROM people"));
        Assert.Equal(0, (await other.SyncAsync()).Moved);
    }
}
