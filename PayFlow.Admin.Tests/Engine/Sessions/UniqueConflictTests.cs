using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Two rows want one unique value.</summary>
public sealed class UniqueConflictTests
{
    private const string Central = """
        CREATE TABLE goods (id varchar(36) PRIMARY KEY, sku text UNIQUE, name text, store int, code int, UNIQUE (store, code));
        CREATE TABLE lines (id varchar(36) PRIMARY KEY, goods_id varchar(36) REFERENCES goods, quantity int);
        """;

    private const string Local = """
        CREATE TABLE goods (id TEXT PRIMARY KEY, sku TEXT UNIQUE, name TEXT, store INTEGER, code INTEGER);
        CREATE TABLE lines (id TEXT PRIMARY KEY, goods_id TEXT REFERENCES goods(id), quantity INTEGER);
        """;

    [Fact]
    public async Task Two_tills_that_make_the_same_sku_open_a_conflict_that_shows_both_rows_and_holds_up_nothing()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var (one, two) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        one.Execute("INSERT INTO goods VALUES ('a', 'tea', 'of one', 1, 1)");
        two.Execute("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO goods SELECT 'x' || i, 'sku' || i, 'n', 2, i FROM n;
            INSERT INTO goods VALUES ('b', 'tea', 'of two', 2, 0); INSERT INTO lines VALUES ('l', 'b', 1)
            """);
        await one.SyncAsync();
        var report = await two.SyncAsync();

        Assert.Equal(RunStatus.Conflict, report.Status);
        Assert.Equal(301L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods"));
        Assert.Equal(["b b unique OPEN a sku of two of one"], await chain.TextsAsync("""
            SELECT concat_ws(' ', key, local_key, kind, state, other_key, array_to_string(fields, ','), substr(terminal ->> 'name', 2), substr(central ->> 'name', 2)) FROM payflow.conflicts
            """));
        Assert.Equal(["goods CONFLICT 'tea' is already used by goods/a in central (unique); a decision is needed", "lines PENDING waits for goods/b"],
            two.Texts("SELECT entity_type || ' ' || status || ' ' || last_error FROM sync_queue ORDER BY 1"));
        Assert.Equal(0, (await two.SyncAsync()).Tables.Sum(t => t.Conflicts));

        // The POS program takes another value: the conflict is over, and what waited goes.
        two.Execute("UPDATE goods SET sku = 'green tea' WHERE id = 'b'");
        await two.SyncAsync();
        Assert.Empty(two.Texts("SELECT id || last_error FROM sync_queue"));
        Assert.Equal(["RESOLVED withdrawn terminal"], await chain.TextsAsync("SELECT concat_ws(' ', state, resolution, resolved_by) FROM payflow.conflicts"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM lines"));
    }

    [Fact]
    public async Task A_changed_row_that_takes_anothers_value_names_the_fields_that_it_changed()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES ('a', 's1', 'A', 1, 1), ('b', 's2', 'B', 1, 2)");
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES ('c', 's3', 'C', 1, 3)");
        till.Execute("UPDATE goods SET code = 3, name = 'moved' WHERE id = 'b'");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(["b unique OPEN c code"], await chain.TextsAsync("SELECT concat_ws(' ', key, kind, state, other_key, array_to_string(fields, ',')) FROM payflow.conflicts"));

        // Gone again on the till: nothing is left to decide.
        till.Execute("UPDATE goods SET code = 2, name = 'B' WHERE id = 'b'");
        await till.SyncAsync();
        Assert.Equal(["withdrawn"], await chain.TextsAsync("SELECT resolution FROM payflow.conflicts"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task A_row_with_a_key_of_its_own_conflicts_without_one_in_central_and_is_withdrawn_when_it_is_deleted()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text UNIQUE, total int)");
        const string local = "CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, number TEXT, total INTEGER)";
        var (one, two) = (await chain.TillAsync("T1", local), await chain.TillAsync("T2", local));
        one.Execute("INSERT INTO orders (number, total) VALUES ('A1', 1)");
        two.Execute("INSERT INTO orders (number, total) VALUES ('A1', 2)");
        await one.SyncAsync();
        await two.SyncAsync();
        await two.SyncAsync();
        Assert.Equal(["1 unique OPEN"], await chain.TextsAsync("SELECT concat_ws(' ', key, local_key, kind, state) FROM payflow.conflicts WHERE other_key = (SELECT id FROM orders)"));
        Assert.Contains("CONFLICT", two.Texts("SELECT sync_status FROM orders WHERE total = 2"));

        two.Execute("DELETE FROM orders WHERE total = 2");
        await two.SyncAsync();
        Assert.Empty(two.Texts("SELECT id FROM sync_queue"));
        Assert.Equal(["withdrawn"], await chain.TextsAsync("SELECT resolution FROM payflow.conflicts"));
        Assert.Equal(["1"], two.Texts("SELECT total FROM orders"));
    }

    [Fact]
    public async Task A_value_given_up_later_in_the_same_run_is_no_conflict()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT 'p' || i, 's' || i, 'n', 1, i FROM generate_series(1, 4) i");
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("DELETE FROM goods WHERE id = 'p1'; UPDATE goods SET sku = 'free' WHERE id = 'p3'; INSERT INTO goods VALUES ('a', 's1', 'new', 9, 1); UPDATE goods SET sku = 's3' WHERE id = 'p2'");
        await till.SyncAsync();
        Assert.Empty(till.Texts("SELECT id || last_error FROM sync_queue"));
        Assert.Equal(till.Texts("SELECT id || ' ' || sku FROM goods ORDER BY id"), await chain.TextsAsync("SELECT id || ' ' || sku FROM goods ORDER BY id"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Theory]
    [InlineData("UPDATE goods SET sku = 'tmp' WHERE id = 'p1'; UPDATE goods SET sku = 's1' WHERE id = 'p2'; UPDATE goods SET sku = 's2' WHERE id = 'p1'")]
    [InlineData("UPDATE goods SET code = -1 WHERE id = 'p1'; UPDATE goods SET code = 1 WHERE id = 'p2'; UPDATE goods SET code = 3 - 1 WHERE id = 'p1'")]
    [InlineData("UPDATE goods SET sku = 'tmp' WHERE id = 'p1'; UPDATE goods SET sku = 's1' WHERE id = 'p2'; UPDATE goods SET sku = 's2' WHERE id = 'p3'; UPDATE goods SET sku = 's3' WHERE id = 'p1'")]
    [InlineData("UPDATE goods SET (sku, code) = ('tmp', -1) WHERE id = 'p1'; UPDATE goods SET (sku, code) = ('s1', 1) WHERE id = 'p2'; UPDATE goods SET (sku, code) = ('s2', 2) WHERE id = 'p1'")]
    public async Task Rows_that_exchange_their_values_arrive_on_both_sides(string swap)
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT 'p' || i, 's' || i, 'n', 1, i FROM generate_series(1, 4) i");
        var (till, other) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        await till.SyncAsync();
        await other.SyncAsync();
        till.Execute($"BEGIN; {swap}; COMMIT");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.True((await other.SyncAsync()).IsClean);
        var rows = till.Texts("SELECT concat_ws(' ', id, sku, code) FROM goods ORDER BY id");
        Assert.Equal(rows, await chain.TextsAsync("SELECT concat_ws(' ', id, sku, code) FROM goods ORDER BY id"));
        Assert.Equal(rows, other.Texts("SELECT concat_ws(' ', id, sku, code) FROM goods ORDER BY id"));
        Assert.Empty(other.Texts("SELECT key || reason FROM payflow_aside"));
    }

    [Fact]
    public async Task Thousands_of_rows_that_all_move_up_by_one_arrive_as_fast_as_others()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT 'p' || lpad(i::text, 5, '0'), 's' || i, 'n', 1, i FROM generate_series(1, 4000) i");
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE goods SET sku = 'x' || code; UPDATE goods SET sku = 's' || code + 1");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), clock.Elapsed.ToString());
        Assert.Equal(4000L, till.Scalar("SELECT count(*) FROM goods WHERE sku = 's' || (code + 1)"));
    }
}
