using System.Text.Json;
using PayFlow.Admin.Sample;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Sample;

public sealed class SampleCashierTests : IDisposable
{
    private static readonly SampleCatalogue Catalogue = SampleCatalogue.Generate(SampleSize.Small, seed: 7);

    private readonly SampleFolder _folder = new();

    private static SampleTill Till => Catalogue.Tills[0];

    [Fact]
    public void A_new_till_has_every_table_and_no_row()
    {
        var path = _folder.File("till.db");

        SampleChain.CreateTill(path, Till, seed: 7);

        foreach (var table in SampleChain.TableNames)
            Assert.Equal(0L, Scalar(path, $"SELECT count(*) FROM {table}"));
    }

    [Fact]
    public void A_till_without_a_catalogue_cannot_sell_and_says_why()
    {
        var path = _folder.File("till.db");
        SampleChain.CreateTill(path, Till, seed: 7);

        var refused = Assert.Throws<SyncException>(() => new SampleCashier(path, Till, seed: 7).SellOffline(1));

        Assert.Contains("no products", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }

    [Fact]
    public void A_till_is_never_created_over_a_file_that_exists()
    {
        var path = _folder.File("till.db");
        File.WriteAllText(path, "something else");

        Assert.Throws<SyncException>(() => SampleChain.CreateTill(path, Till, seed: 7));

        Assert.Equal("something else", File.ReadAllText(path));
    }

    [Fact]
    public void A_delivered_till_has_the_catalogue_its_own_stock_and_sales_that_nobody_has_seen()
    {
        var path = Delivered();

        Assert.Equal((long)SampleSize.Small.Products, Scalar(path, "SELECT count(*) FROM products"));
        Assert.Equal(Till.Id, Scalar(path, "SELECT group_concat(DISTINCT terminal_id) FROM terminal_stock_levels"));
        Assert.Equal((long)SampleChain.SalesBeforeAttach, Scalar(path, "SELECT count(*) FROM orders WHERE server_id IS NULL"));
        var known = Catalogue.Table("customers").Rows.Select(r => (string)r[Catalogue.Table("customers").IndexOf("phone")]!).ToHashSet();
        Assert.Contains((string)Scalar(path, "SELECT phone FROM customers ORDER BY local_id LIMIT 1")!, known);
        Sound(path);
    }

    [Fact]
    public void Every_sale_is_whole_and_adds_up()
    {
        var path = Delivered();

        Assert.Equal(200, new SampleCashier(path, Till, seed: 7).SellOffline(200));

        Sound(path);
        Assert.Equal(200L + SampleChain.SalesBeforeAttach, Scalar(path, "SELECT count(*) FROM orders"));
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT * FROM receipts r WHERE r.order_id = o.local_id)"));
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM orders o WHERE (SELECT count(*) FROM order_items i WHERE i.order_id = o.local_id) NOT BETWEEN 1 AND 5"));
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM orders o WHERE round(o.subtotal, 2) <> (SELECT round(sum(i.line_total), 2) FROM order_items i WHERE i.order_id = o.local_id)"));
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM order_items WHERE round(quantity * unit_price - discount_amount, 2) <> line_total"));
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM orders o WHERE (SELECT round(sum(p.amount), 2) FROM payments p WHERE p.order_id = o.local_id) <> CASE o.status WHEN 'COMPLETED' THEN o.total ELSE 0 END"));
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM orders WHERE total <> round(total, 2) OR tax_total <> round(tax_total, 2) OR total < 0"));
        JsonDocument.Parse((string)Scalar(path, "SELECT content FROM receipts ORDER BY local_id DESC LIMIT 1")!).Dispose();
    }

    [Fact]
    public void A_working_day_has_everything_that_happens_at_a_counter()
    {
        var path = Delivered();

        new SampleCashier(path, Till, seed: 7).SellOffline(150);

        string[] expected =
        [
            "customers WHERE phone LIKE '+31 6 01%'",
            "customers WHERE sync_operation = 'UPDATE'",
            "orders WHERE status = 'VOIDED'",
            "orders WHERE status = 'REFUNDED'",
            "orders WHERE discount_id IS NOT NULL",
            "orders WHERE customer_id IS NOT NULL",
            "order_items WHERE variant_id IS NOT NULL",
            "shifts WHERE status = 'CLOSED' AND expected_cash > opening_cash",
            "shifts WHERE status = 'OPEN'",
            "inventory_transactions WHERE kind = 'RETURN'",
            "payments WHERE method = 'GIFT_CARD'",
        ];
        Assert.All(expected, rows => Assert.True((long)Scalar(path, $"SELECT count(*) FROM {rows}")! > 0, rows));
    }

    [Fact]
    public void The_same_seed_gives_the_same_sales_and_another_seed_others()
    {
        var (first, second, other) = (Delivered("a.db"), Delivered("b.db"), Delivered("c.db"));

        foreach (var path in new[] { first, second })
        {
            new SampleCashier(path, Till, seed: 3).SellOffline(40);
            new SampleCashier(path, Till, seed: 3).SellOffline(40);
        }
        new SampleCashier(other, Till, seed: 4).SellOffline(80);

        Assert.Equal(SampleDigest.Of(first), SampleDigest.Of(second));
        Assert.NotEqual(SampleDigest.Of(first), SampleDigest.Of(other));
    }

    [Fact]
    public void Sales_start_when_they_are_told_to_and_time_goes_only_forward()
    {
        var path = Delivered();
        var start = new DateTimeOffset(2025, 6, 1, 9, 30, 0, TimeSpan.Zero);

        new SampleCashier(path, Till, seed: 7, start).SellOffline(30);
        new SampleCashier(path, Till, seed: 7).SellOffline(30);

        Assert.StartsWith("2025-06-01T", (string)Scalar(path, $"SELECT created_at FROM orders ORDER BY local_id LIMIT 1 OFFSET {SampleChain.SalesBeforeAttach}")!, StringComparison.Ordinal);
        Assert.Equal(0L, Scalar(path, "SELECT count(*) FROM (SELECT created_at, lag(created_at) OVER (ORDER BY local_id) AS earlier FROM orders) WHERE created_at <= earlier"));
    }

    public void Dispose() => _folder.Dispose();

    private string Delivered(string name = "till.db")
    {
        var path = _folder.File(name);
        SampleChain.CreateTill(path, Till, seed: 7, Catalogue);
        return path;
    }

    private static void Sound(string path)
    {
        Assert.Null(Scalar(path, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1"));
        Assert.Equal("ok", Scalar(path, "PRAGMA integrity_check"));
    }

    private static object? Scalar(string path, string sql)
    {
        using var connection = SampleTillFile.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }
}
