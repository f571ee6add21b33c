using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>What POS programs do that a schema's author did not think of.</summary>
public sealed class OddTillTests
{
    [Fact]
    public async Task A_row_without_a_key_does_not_stop_the_till_and_travels_when_it_gets_one()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id text PRIMARY KEY, body text)");
        var till = await chain.TillAsync("T1", "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)");

        till.Execute("INSERT INTO notes (body) VALUES ('early')");
        await till.SyncAsync();
        till.Execute("UPDATE notes SET id = 'n1' WHERE body = 'early'");
        Assert.True((await till.SyncAsync()).IsClean);

        Assert.Equal("early", await chain.Database.ScalarAsync<string>("SELECT body FROM notes WHERE id = 'n1'"));
    }

    [Fact]
    public async Task A_key_without_a_type_that_holds_numbers_and_texts_loses_no_row()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id text PRIMARY KEY, body text)");
        var till = await chain.TillAsync("T1", "CREATE TABLE notes (id PRIMARY KEY, body TEXT)");

        till.Execute("INSERT INTO notes VALUES (5, 'number'), ('six', 'text'), ('', 'empty')");
        Assert.True((await till.SyncAsync()).IsClean);

        Assert.Equal(3L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM notes"));
    }

    [Fact]
    public async Task A_change_of_case_alone_is_a_change_even_where_the_till_ignores_case()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id int PRIMARY KEY, body text)");
        var till = await chain.TillAsync("T1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT COLLATE NOCASE)");
        till.Execute("INSERT INTO notes VALUES (1, 'abc')");
        await till.SyncAsync();

        till.Execute("UPDATE notes SET body = 'ABC'");
        await till.SyncAsync();

        Assert.Equal("ABC", await chain.Database.ScalarAsync<string>("SELECT body FROM notes"));
    }

    [Fact]
    public async Task A_column_that_both_sides_get_later_travels_for_old_rows_as_well()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id int PRIMARY KEY, body text)");
        var till = await chain.TillAsync("T1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)");
        till.Execute("INSERT INTO notes VALUES (1, 'one'), (2, 'two')");
        await till.SyncAsync();

        till.Execute("ALTER TABLE notes ADD COLUMN vat TEXT; UPDATE notes SET vat = 'A19' WHERE id = 1");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("ALTER TABLE notes ADD COLUMN vat text");
        await till.SyncAsync();
        await till.SyncAsync();

        Assert.Equal("A19", await chain.Database.ScalarAsync<string>("SELECT vat FROM notes WHERE id = 1"));
    }

    [Fact]
    public async Task What_a_foreign_key_does_in_central_to_other_rows_reaches_the_till_that_caused_it()
    {
        await using var chain = await SyncFixture.CreateAsync("""
            CREATE TABLE customers (id text PRIMARY KEY);
            CREATE TABLE orders (id text PRIMARY KEY, customer text REFERENCES customers ON DELETE SET NULL);
            """);
        var till = await chain.TillAsync("T1", "CREATE TABLE customers (id TEXT PRIMARY KEY); CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT)");
        till.Execute("INSERT INTO customers VALUES ('c1'); INSERT INTO orders VALUES ('o1', 'c1')");
        await till.SyncAsync();

        till.Execute("DELETE FROM customers");
        await till.SyncAsync();
        await till.SyncAsync();

        Assert.Null(till.File.Scalar("SELECT customer FROM orders"));
    }

    [Fact]
    public async Task A_text_that_is_no_utf8_or_holds_a_nul_fails_alone_with_its_column()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id int PRIMARY KEY, n int, body text)");
        var till = await chain.TillAsync("T1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, n, body TEXT)");

        till.Execute("INSERT INTO notes VALUES (1, 1, CAST(x'636166E9' AS TEXT)), (2, CAST(x'610062' AS TEXT), 'x'), (3, 3, 'good')");
        var run = await till.SyncAsync();

        Assert.Equal(2, run.FailedRows);
        Assert.Equal("good", await chain.Database.ScalarAsync<string>("SELECT string_agg(body, ',') FROM notes"));
        Assert.Equal(2L, till.File.Scalar("SELECT count(*) FROM sync_queue WHERE status = 'FAILED' AND last_error LIKE 'notes.%'"));
    }

    [Fact]
    public async Task Two_tills_with_key_blocks_make_no_row_with_the_same_key()
    {
        const string table = "CREATE TABLE sales (id INTEGER PRIMARY KEY AUTOINCREMENT, till TEXT)";
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE sales (id bigint PRIMARY KEY, till text)", new TableMapEntry { Name = "sales", Direction = SyncDirection.Pull, KeyBlock = 1_000_000 });
        var first = await chain.TillAsync("T1", table);
        var second = await chain.TillAsync("T2", table);

        foreach (var till in new[] { first, second })
        {
            till.Execute($"INSERT INTO sales (till) VALUES ('{till.Id}'), ('{till.Id}')");
            Assert.True((await till.SyncAsync()).IsClean);
        }

        Assert.Equal(4L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM sales"));
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(DISTINCT id / 1000000) FROM sales"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task A_table_that_leaves_the_map_is_said_to()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)");
        var till = await chain.TillAsync("T1", "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY)");
        await till.SyncAsync();
        await new PayFlow.Sync.Engine.Central.Metadata.TableMapStore(chain.Source).SaveAsync(new TableMap([new TableMapEntry { Name = "a" }]), null, CancellationToken.None);

        var run = await till.SyncAsync();

        Assert.Contains(run.Warnings, w => w.StartsWith("No longer synced", StringComparison.Ordinal) && w.Contains(": b.", StringComparison.Ordinal));
    }
}
