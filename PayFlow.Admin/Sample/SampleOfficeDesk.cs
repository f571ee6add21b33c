using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central;

namespace PayFlow.Admin.Sample;

/// <summary>What the head office's application writes into central: one method per change.</summary>
internal sealed class SampleOfficeDesk(NpgsqlConnection connection, CancellationToken cancellation)
{
    public async Task<List<string>> ListAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var values = new List<string>();
        while (await reader.ReadAsync(cancellation))
            values.Add(reader.GetString(0));
        return values;
    }

    /// <summary>The price of an article and of its sizes, by that many percent.</summary>
    public async Task ChangePriceAsync(string product, int percent, DateTime now)
    {
        await RunAsync(
            """
            UPDATE public.products
            SET price = greatest(0.05, round(price * (100 + $2) / 100, 2)), updated_at = $3
            WHERE id = $1
            """, product, percent, Stamp(now));
        await RunAsync(
            """
            UPDATE public.product_variants
            SET price = greatest(0.05, round(price * (100 + $2) / 100, 2)), updated_at = $3
            WHERE product_id = $1
            """, product, percent, Stamp(now));
    }

    /// <summary>The stock of an article: what the warehouse has, and what the tills' shelves have.</summary>
    public async Task CountStockAsync(string product, int warehouse, int shelf, DateTime now)
    {
        await RunAsync(
            """
            UPDATE public.products
            SET master_stock_quantity = $2, updated_at = $3
            WHERE id = $1
            """, product, warehouse, Stamp(now));
        await RunAsync(
            """
            UPDATE public.terminal_stock_levels
            SET quantity = $2, last_updated = $3
            WHERE product_id = $1
            """, product, shelf, Stamp(now));
    }

    public Task AddPointsAsync(string customer, int points, DateTime now) => RunAsync(
        """
        UPDATE public.customers
        SET loyalty_points = loyalty_points + $2, updated_at = $3
        WHERE id = $1
        """, customer, points, Stamp(now));

    public Task ChangeLastNameAsync(string customer, string name, DateTime now) => RunAsync(
        """
        UPDATE public.customers
        SET last_name = $2, updated_at = $3
        WHERE id = $1
        """, customer, name, Stamp(now));

    public Task ChangePreferencesAsync(string customer, string preferences, DateTime now) => RunAsync(
        """
        UPDATE public.customers
        SET preferences = $2, updated_at = $3
        WHERE id = $1
        """, customer, Json(preferences), Stamp(now));

    public Task ChangeDiscountAsync(string discount, int value, DateTime now) => RunAsync(
        """
        UPDATE public.discounts
        SET value = $2, updated_at = $3
        WHERE id = $1
        """, discount, (decimal)value, Stamp(now));

    /// <summary>The number of the next article: numbers are never used twice, given up articles keep theirs.</summary>
    public async Task<int> NextArticleNumberAsync()
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(substring(sku from '-([0-9]+)$')::int), 0) + 1 FROM public.products", connection);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public Task AddProductAsync(string id, SampleArticle article, DateTime now) => RunAsync(
        """
        INSERT INTO public.products (id, sku, barcode, name, description, category_id, tax_id, price, cost_price, master_stock_quantity, reorder_level, created_at, updated_at)
        SELECT $1, $2, $3, $4, $5, c.id, t.id, $8, $9, $10, $11, $12, $12
        FROM public.categories c, public.taxes t
        WHERE c.name = $6 AND c.parent_id IS NOT NULL AND t.code = $7
        """,
        id, article.Sku, article.Barcode, article.Name, article.Description, article.Shelf.Name, article.Shelf.TaxCode, article.Price, article.CostPrice, article.Stock, article.ReorderLevel, Stamp(now));

    public Task AddVariantAsync(string id, string product, SampleArticle article, string clothesSize, DateTime now) => RunAsync(
        """
        INSERT INTO public.product_variants (id, product_id, sku, name, attributes, price, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
        """,
        id, product, $"{article.Sku}-{clothesSize}", $"size {clothesSize}", Json(JsonSerializer.Serialize(new { size = clothesSize }, SampleJson.Options)), article.Price, Stamp(now));

    /// <summary>Puts a new article on the shelves of every till.</summary>
    public Task StockTerminalsAsync(string product, int quantity, DateTime now) => RunAsync(
        """
        INSERT INTO public.terminal_stock_levels (terminal_id, product_id, quantity, last_updated)
        SELECT id, $1, $2, $3
        FROM public.terminals
        ORDER BY id
        """, product, quantity, Stamp(now));

    public Task SoftDeleteAsync(string table, string id, DateTime now) => RunAsync(
        $"""
        UPDATE public.{PostgresName.Quote(table)}
        SET deleted_at = $2, updated_at = $2
        WHERE id = $1
        """, id, Stamp(now));

    private async Task RunAsync(string sql, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Stamp(DateTime now) => new() { Value = DateTime.SpecifyKind(now, DateTimeKind.Unspecified), NpgsqlDbType = NpgsqlDbType.Timestamp };

    private static NpgsqlParameter Json(string text) => new() { Value = text, NpgsqlDbType = NpgsqlDbType.Jsonb };
}
