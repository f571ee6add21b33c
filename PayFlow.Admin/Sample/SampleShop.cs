using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Sample;

/// <summary>What a till knows when the day begins: read once from its own file.</summary>
internal sealed record SampleShop(IReadOnlyList<SampleGoods> Goods, IReadOnlyList<string> Cashiers, IReadOnlyList<SampleDiscount> Discounts, List<long> Customers)
{
    /// <exception cref="SyncException">The file has no articles or no cashiers: nothing can be sold.</exception>
    public static SampleShop Read(SqliteConnection connection, SampleTill till, DateTime now)
    {
        var shop = new SampleShop(ReadGoods(connection), ReadCashiers(connection, till), ReadDiscounts(connection, now), ReadCustomers(connection));
        if (shop.Goods.Count == 0 || shop.Cashiers.Count == 0)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"the till {till.Code} cannot sell: {connection.DataSource} has no {(shop.Goods.Count == 0 ? "products" : "users")} yet",
                "Sync the till once, so that it gets the catalogue.")
            { Terminal = till.Code };
        }
        return shop;
    }

    private static List<SampleGoods> ReadGoods(SqliteConnection connection) => Read(
        connection,
        """
        SELECT p.id, v.id, coalesce(v.sku, p.sku), p.name || coalesce(', ' || v.name, ''), coalesce(v.price, p.price), t.rate
        FROM products p
        JOIN taxes t ON t.id = p.tax_id
        LEFT JOIN product_variants v ON v.product_id = p.id
        WHERE p.is_active = 1 AND p.deleted_at IS NULL
        ORDER BY p.id, v.id
        """,
        r => new SampleGoods(r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetString(2), r.GetString(3), Math.Round(r.GetDecimal(4), 2), r.GetDecimal(5)));

    private static List<string> ReadCashiers(SqliteConnection connection, SampleTill till) => Read(
        connection,
        """
        SELECT id
        FROM users
        WHERE is_active = 1 AND store_id = $store AND role <> 'ADMIN'
        ORDER BY id
        """,
        r => r.GetString(0),
        ("$store", till.StoreId));

    private static List<SampleDiscount> ReadDiscounts(SqliteConnection connection, DateTime now) => Read(
        connection,
        """
        SELECT id, kind, value
        FROM discounts
        WHERE is_active = 1 AND (ends_at IS NULL OR julianday(ends_at) > julianday($now))
        ORDER BY id
        """,
        r => new SampleDiscount(r.GetString(0), r.GetString(1) == "PERCENT", r.GetDecimal(2)),
        ("$now", now));

    private static List<long> ReadCustomers(SqliteConnection connection) => Read(
        connection,
        """
        SELECT local_id
        FROM customers
        WHERE deleted_at IS NULL
        ORDER BY local_id
        """,
        r => r.GetInt64(0));

    private static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params (string Name, object? Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, SampleTillFile.Value(value));
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}
