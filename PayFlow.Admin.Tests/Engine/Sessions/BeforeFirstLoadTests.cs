using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>What happens between attaching a file with rows and its first load.</summary>
public sealed class BeforeFirstLoadTests
{
    private const string Central = "CREATE TABLE products (id text PRIMARY KEY, name text)";
    private const string Local = "CREATE TABLE products (id TEXT PRIMARY KEY, name TEXT); INSERT INTO products VALUES ('p1', 'Tea')";

    [Fact]
    public async Task A_row_that_is_changed_before_bootstrap_compares_it_is_not_taken_for_deleted_in_central()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local, bootstrap: false);

        till.Execute("UPDATE products SET name = 'Green tea' WHERE id = 'p1'");
        await till.Sync.RunAsync(new SyncRequest { Bootstrap = true });
        await till.SyncAsync();

        Assert.Equal("Green tea", await chain.Database.ScalarAsync<string>("SELECT name FROM products WHERE id = 'p1'"));
        Assert.Equal("Green tea", till.File.Scalar("SELECT name FROM products WHERE id = 'p1'"));
    }

    [Fact]
    public async Task A_row_that_was_set_aside_does_not_write_over_what_a_rebuilt_table_may_hold_uncaptured()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.Manual });
        var till = await chain.TillAsync("T1", "CREATE TABLE products (id TEXT PRIMARY KEY, name TEXT CHECK (name <> 'dear'))");
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES ('p1', 'tea')");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET name = 'dear'");
        await till.SyncAsync();
        Assert.Equal("p1", till.Scalar("SELECT key FROM payflow_aside"));

        till.Execute("CREATE TABLE rebuilt (id TEXT PRIMARY KEY, name TEXT); INSERT INTO rebuilt SELECT id, 'the till''s own' FROM products; DROP TABLE products; ALTER TABLE rebuilt RENAME TO products");
        await till.SyncAsync();
        Assert.Equal("the till's own", till.Scalar("SELECT name FROM products"));

        await till.Sync.RunAsync(new SyncRequest { Bootstrap = true });
        Assert.Equal("the till's own", till.Scalar("SELECT name FROM products"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts WHERE state = 'OPEN'"));
    }

    [Fact]
    public async Task A_row_that_central_deletes_before_the_first_load_is_deleted_at_the_till()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await till.Sync.RunAsync(new SyncRequest { Direction = SyncDirection.Pull });

        await chain.Database.ExecuteAsync("DELETE FROM products");
        await till.SyncAsync();

        Assert.Equal(0L, till.File.Scalar("SELECT count(*) FROM products"));
    }

    [Theory]
    [InlineData("id text PRIMARY KEY DEFAULT gen_random_uuid()::text", "local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT", true)]
    [InlineData("id text PRIMARY KEY DEFAULT gen_random_uuid()::text", "local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT", false)]
    [InlineData("id text PRIMARY KEY", "id TEXT PRIMARY KEY DEFAULT 'n1'", true)]
    [InlineData("id text PRIMARY KEY", "id TEXT PRIMARY KEY DEFAULT 'n1'", false)]
    public async Task A_table_s_only_row_that_the_till_sent_and_deleted_does_not_come_back_with_the_first_load(string centralKey, string localKey, bool isMarked)
    {
        var mark = isMarked ? ", deleted_at {0}" : string.Empty;
        await using var chain = await SyncFixture.CreateAsync($"CREATE TABLE notes ({centralKey}, name text{string.Format(null, mark, "timestamp(3)")})");
        var till = await chain.TillAsync("T1", $"CREATE TABLE notes ({localKey}, name TEXT{string.Format(null, mark, "TEXT")})", bootstrap: false);
        till.Execute("INSERT INTO notes (name) VALUES ('tea')");
        await till.Sync.RunAsync(new SyncRequest { Direction = SyncDirection.Pull });
        Assert.Equal(["tea"], await chain.TextsAsync("SELECT name FROM notes"));

        till.Execute("DELETE FROM notes");
        await till.Sync.RunAsync(new SyncRequest { Direction = SyncDirection.Push });
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM notes"));
        await till.SyncAsync();
        await till.SyncAsync();

        var live = isMarked ? " WHERE deleted_at IS NULL" : string.Empty;
        Assert.Empty(await chain.TextsAsync($"SELECT name FROM notes{live}"));
        Assert.Empty(till.Texts($"SELECT name FROM notes{live}"));
    }
}
