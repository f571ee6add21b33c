using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Journal;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Journal;

public sealed class TerminalJournalTests
{
    private const string Entries = "SELECT table_name || ' ' || op || ' ' || coalesce(key, '-') || ' ' || coalesce(before, '-') || ' > ' || coalesce(after, '-') FROM payflow_journal WHERE run_id = (SELECT run_id FROM payflow_journal ORDER BY seq DESC LIMIT 1) ORDER BY seq";

    [Fact]
    public async Task A_load_notes_its_rows_many_in_one_entry()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 1_500);
        var till = await chain.TillAsync("T1", Shop.Local);
        var report = await till.SyncAsync();

        Assert.Equal(2L, till.Scalar("SELECT count(*) FROM payflow_journal"));
        Assert.Equal(report.RunId.ToString(), till.Scalar("SELECT DISTINCT run_id FROM payflow_journal WHERE table_name = 'products' AND op = 'I' AND key IS NULL"));
        var keys = till.File.Rows("SELECT keys FROM payflow_journal ORDER BY seq").SelectMany(r => KeyChunk.Read((byte[])r[0]!)).Select(r => r.Key).ToList();
        Assert.Equal(till.Texts("SELECT id FROM products ORDER BY id"), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changes_and_deletes_are_noted_with_their_images()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 2);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 7 WHERE id = 'p1'; DELETE FROM products WHERE id = 'p2'");
        await till.SyncAsync();

        Assert.Equal(
            [
                """products U p1 {"id":"sp1","sku":"ssku1","name":"sProduct 1","price":"s1.5000","stock":100} > {"id":"sp1","sku":"ssku1","name":"sProduct 1","price":"s1.5000","stock":7}""",
                """products D p2 {"id":"sp2","sku":"ssku2","name":"sProduct 2","price":"s2.5000","stock":100} > -""",
            ],
            till.Texts(Entries));
    }

    [Fact]
    public async Task Rows_that_a_delete_takes_along_are_noted_too()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 1);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("A1", "p1"));
        await till.SyncAsync();
        till.Execute("DELETE FROM payflow_journal");
        await chain.Database.ExecuteAsync("DELETE FROM orders");
        await till.SyncAsync();

        Assert.Equal(["order_items D 1", "orders D 1"], till.Texts("SELECT table_name || ' ' || op || ' ' || key FROM payflow_journal ORDER BY 1"));
    }

    [Fact]
    public async Task What_central_answers_is_noted_in_the_run_that_sent()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        var till = await chain.TillAsync("T1", Shop.Local);
        till.Execute("INSERT INTO products (id, sku, name, price, stock) VALUES ('p1', 's', 'Tea', '1.23456', 1)");
        var report = await till.SyncAsync();

        Assert.Equal(["""{"price":"s1.2346"}"""], till.Texts("SELECT json_object('price', after ->> 'price') FROM payflow_journal"));
        Assert.Equal(report.RunId.ToString(), till.Scalar("SELECT run_id FROM payflow_journal"));
    }

    [Fact]
    public async Task A_file_attached_before_there_was_a_journal_gets_one()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 1);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.Sync.DisposeAsync();
        till.Execute("DROP TABLE payflow_journal");
        till = await chain.ReopenAsync(till);
        await till.SyncAsync();

        Assert.Equal(1L, till.Scalar("SELECT count(*) FROM payflow_journal"));
    }

    [Fact]
    public async Task A_row_that_was_refused_is_not_noted()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 2);
        await chain.Database.ExecuteAsync("INSERT INTO orders (id, number) VALUES ('o1', 'A1'); INSERT INTO order_items (id, order_id, product_id, quantity) VALUES ('i1', 'o1', 'p1', 1), ('i2', 'o1', 'p2', 1)");
        var till = await chain.TillAsync("T1", Shop.Local.Replace("name TEXT NOT NULL, price", "name TEXT NOT NULL CHECK (name <> 'Product 1'), price", StringComparison.Ordinal));
        await till.SyncAsync();

        var keys = till.File.Rows("SELECT keys FROM payflow_journal").SelectMany(r => KeyChunk.Read((byte[])r[0]!)).Select(r => r.Key).Order(StringComparer.Ordinal);
        Assert.Equal(["i2", "o1", "p2"], keys);
    }
}
