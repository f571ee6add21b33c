using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Rows that central refuses.</summary>
public sealed class BadRowTests
{
    private const string Central = """
        CREATE TABLE goods (id int PRIMARY KEY, sku text UNIQUE, name text NOT NULL, code varchar(5), amount numeric(6,2), qty int CHECK (qty >= 0));
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.name = 'forbidden' THEN RAISE EXCEPTION 'no % here', NEW.name; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON goods FOR EACH ROW EXECUTE FUNCTION refuse();
        """;

    private const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, sku TEXT, name TEXT, code TEXT, amount TEXT, qty INTEGER);";

    [Fact]
    public async Task One_bad_row_among_5000_fails_alone_and_holds_up_nothing()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        till.Execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO goods SELECT i, 's' || i, CASE i WHEN 2345 THEN NULL ELSE 'n' END, 'c', '1.00', 1 FROM n");
        var report = await till.SyncAsync();
        Assert.Equal(4999L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods"));
        Assert.Equal(RunStatus.Failed, report.Status);
        Assert.Equal(["2345 FAILED goods.name: central does not allow an empty value here"], till.Texts("SELECT entity_id || ' ' || status || ' ' || last_error FROM sync_queue"));

        till.Execute("UPDATE goods SET name = 'later' WHERE id = 7");
        Assert.Equal(1, (await till.SyncAsync()).Moved);
        till.Execute("UPDATE goods SET name = 'fixed' WHERE id = 2345");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal("fixed", await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 2345"));
    }

    [Theory]
    [InlineData("name = NULL", "name", "empty value")]
    [InlineData("qty = -1", null, "goods_qty_check")]
    [InlineData("code = 'too long'", "code", "5")]
    [InlineData("amount = 'twelve'", "amount", "twelve")]
    [InlineData("amount = '12345.67'", "amount", "12345.67")]
    [InlineData("qty = 'many'", "qty", "many")]
    [InlineData("qty = 3000000000", "qty", "3000000000")]
    [InlineData("name = 'forbidden'", null, "no forbidden here")]
    [InlineData("name = 'a' || char(0) || 'b'", "name", "")]
    public async Task A_bad_value_is_refused_with_column_and_reason_and_goes_when_it_is_mended(string bad, string? column, string words)
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local, options: new SyncOptions { BatchSize = 3 });
        till.Execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8) INSERT INTO goods SELECT i, 's' || i, 'n', 'c', '1.00', 1 FROM n");
        await till.SyncAsync();
        till.Execute($"INSERT INTO goods VALUES (10, 's10', 'n', 'c', '1.00', 1), (11, 's11', 'n', 'c', '1.00', 1); UPDATE goods SET {bad} WHERE id IN (5, 10); UPDATE goods SET code = 'ok' WHERE id IN (4, 6)");
        await till.SyncAsync();

        Assert.Equal(["10 FAILED", "5 FAILED"], till.Texts("SELECT entity_id || ' ' || status FROM sync_queue ORDER BY entity_id"));
        Assert.All(till.Texts("SELECT last_error FROM sync_queue"), error => Assert.StartsWith(column is null ? "goods" : $"goods.{column}: ", error, StringComparison.Ordinal));
        Assert.All(till.Texts("SELECT last_error FROM sync_queue"), error => Assert.Contains(words, error, StringComparison.Ordinal));
        Assert.Equal(["11", "4", "6"], await chain.TextsAsync("SELECT id::text FROM goods WHERE id = 11 OR code = 'ok' ORDER BY 1"));
        Assert.Equal("n", await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 5"));

        till.Execute("UPDATE goods SET sku = 's' || id, name = 'good', code = 'c', amount = '2.00', qty = 2 WHERE id IN (5, 10)");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(2L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods WHERE name = 'good' AND qty = 2"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_failed_row_is_tried_again_by_itself_and_becomes_a_dead_letter_in_the_end()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        till = await chain.ReopenAsync(till, new SyncOptions { Retry = new RetryDelay { First = TimeSpan.Zero, Attempts = 3 } });
        till.Execute("INSERT INTO goods VALUES (1, 'a', NULL, 'c', '1.00', 1), (2, 'b', 'n', 'c', '1', -1)");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("ALTER TABLE goods DROP CONSTRAINT goods_qty_check");
        await till.SyncAsync();
        Assert.Equal(["2"], await chain.TextsAsync("SELECT id::text FROM goods"));
        for (var i = 0; i < 3; i++)
            await till.SyncAsync();
        Assert.Equal(["1 FAILED 3 "], till.Texts("SELECT entity_id || ' ' || status || ' ' || attempts || ' ' || coalesce(next_attempt_at, '') FROM sync_queue"));
    }
}
