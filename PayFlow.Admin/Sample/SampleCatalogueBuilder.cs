using System.Globalization;
using System.Text.Json;
using NpgsqlTypes;
using static NpgsqlTypes.NpgsqlDbType;

namespace PayFlow.Admin.Sample;

/// <summary>Draws a <see cref="SampleCatalogue"/>, table by table, parents first.</summary>
internal sealed class SampleCatalogueBuilder(SampleSize size, int seed)
{
    private static readonly SampleColumn[] Stamps = [new("created_at", Timestamp), new("updated_at", Timestamp)];

    private readonly List<SampleTable> _tables = [];
    private readonly List<SampleTill> _tills = [];
    private readonly List<string> _stores = [];
    private readonly List<string> _suppliers = [];
    private readonly Dictionary<string, string> _taxes = [];
    private readonly Dictionary<string, string> _categories = [];
    private readonly List<string> _products = [];

    public SampleCatalogue Build()
    {
        Stores();
        Terminals();
        Users();
        Categories();
        Suppliers();
        Taxes();
        Discounts();
        Products();
        Customers();
        StockLevels();
        return new SampleCatalogue(_tables, _tills);
    }

    private void Stores()
    {
        var random = SampleRandom.For(seed, "stores");
        Add("stores", [new("id", Varchar), new("code", Varchar), new("name", Varchar), new("address", Varchar), new("city", Varchar), new("currency", Varchar), new("is_active", NpgsqlDbType.Boolean), .. Stamps], size.Stores, i =>
        {
            var city = SampleNames.Cities[i % SampleNames.Cities.Length];
            _stores.Add(random.NextId());
            return [_stores[i], Numbered("S", i), $"{city} {(i < SampleNames.Cities.Length ? "Centre" : Numbered("", i))}", $"{random.Pick(SampleNames.Streets)} {random.Next(1, 180)}", city, "EUR", true, .. Born(random)];
        });
    }

    private void Terminals()
    {
        var random = SampleRandom.For(seed, "terminals");
        Add("terminals", [new("id", Varchar), new("store_id", Varchar), new("code", Varchar), new("name", Varchar), new("is_active", NpgsqlDbType.Boolean), .. Stamps], size.Tills, i =>
        {
            var till = new SampleTill(random.NextId(), _stores[i % _stores.Count], i + 1);
            _tills.Add(till);
            return [till.Id, till.StoreId, till.Code, $"Till {till.Number}", true, .. Born(random)];
        });
    }

    private void Users()
    {
        const int PerStore = 5;
        var random = SampleRandom.For(seed, "users");
        Add("users", [new("id", Varchar), new("store_id", Varchar), new("username", Varchar), new("full_name", Varchar), new("role", Varchar), new("is_active", NpgsqlDbType.Boolean), .. Stamps], (_stores.Count * PerStore) + 1, i =>
        {
            var first = random.Pick(SampleNames.First);
            var last = random.Pick(SampleNames.Last);
            var office = i == _stores.Count * PerStore;
            var role = office ? "ADMIN" : i % PerStore == 0 ? "MANAGER" : "CASHIER";
            return [random.NextId(), office ? null : _stores[i / PerStore], Numbered("u", 100 + i), $"{first} {last}", role, true, .. Born(random)];
        });
    }

    private void Categories()
    {
        var random = SampleRandom.For(seed, "categories");
        var departments = SampleShelf.All.Select(s => s.Department).Distinct().ToList();
        Add("categories", [new("id", Varchar), new("parent_id", Varchar), new("name", Varchar), new("sort_order", Integer), .. Stamps], departments.Count + SampleShelf.All.Count, i =>
        {
            var shelf = i < departments.Count ? null : SampleShelf.All[i - departments.Count];
            var name = shelf?.Name ?? departments[i];
            var id = _categories[name] = random.NextId();
            return [id, shelf is null ? null : _categories[shelf.Department], name, (i + 1) * 10, .. Born(random)];
        });
    }

    private void Suppliers()
    {
        var random = SampleRandom.For(seed, "suppliers");
        Add("suppliers", [new("id", Varchar), new("name", Varchar), new("contact_name", Varchar), new("email", Varchar), new("phone", Varchar), new("lead_time_days", Smallint), .. Stamps], SampleNames.Suppliers.Length, i =>
        {
            _suppliers.Add(random.NextId());
            var contact = random.Chance(75) ? $"{random.Pick(SampleNames.First)} {random.Pick(SampleNames.Last)}" : null;
            return [_suppliers[i], SampleNames.Suppliers[i], contact, $"orders{i + 1}@supplier.example", $"+31 20 {random.Next(100, 999)} {random.Next(1000, 9999)}", (short)random.Next(1, 21), .. Born(random)];
        });
    }

    private void Taxes()
    {
        (string Code, string Name, decimal Rate)[] taxes = [("ZERO", "Zero rate", 0m), ("LOW", "Reduced rate", 9m), ("STD", "Standard rate", 21m)];
        var random = SampleRandom.For(seed, "taxes");
        Add("taxes", [new("id", Varchar), new("code", Varchar), new("name", Varchar), new("rate", Numeric), .. Stamps], taxes.Length, i =>
            [_taxes[taxes[i].Code] = random.NextId(), taxes[i].Code, taxes[i].Name, taxes[i].Rate, .. Born(random)]);
    }

    private void Discounts()
    {
        (string Code, string Name, string Kind, decimal Value)[] discounts =
        [
            ("STAFF10", "Staff discount", "PERCENT", 10m),
            ("SENIOR5", "Senior discount", "PERCENT", 5m),
            ("SPRING15", "Spring sale", "PERCENT", 15m),
            ("WELCOME250", "Welcome voucher", "AMOUNT", 2.50m),
            ("DAMAGED20", "Damaged packaging", "PERCENT", 20m),
        ];
        var random = SampleRandom.For(seed, "discounts");
        Add("discounts", [new("id", Varchar), new("code", Varchar), new("name", Varchar), new("kind", Varchar), new("value", Numeric), new("starts_at", Timestamp), new("ends_at", Timestamp), new("is_active", NpgsqlDbType.Boolean), .. Stamps], discounts.Length, i =>
        {
            var (code, name, kind, value) = discounts[i];
            DateTime? ends = code == "SPRING15" ? SampleChain.Opening.UtcDateTime.AddDays(60) : null;
            return [random.NextId(), code, name, kind, value, SampleChain.Opening.UtcDateTime.AddDays(-30), ends, true, .. Born(random)];
        });
    }

    private void Products()
    {
        var random = SampleRandom.For(seed, "products");
        var variants = new List<object?[]>();
        SampleColumn[] columns =
        [
            new("id", Varchar), new("sku", Varchar), new("barcode", Varchar), new("name", Varchar), new("description", Text), new("category_id", Varchar), new("supplier_id", Varchar), new("tax_id", Varchar),
            new("price", Numeric), new("cost_price", Numeric), new("master_stock_quantity", Integer, "stock_quantity"), new("reorder_level", Integer), new("is_active", NpgsqlDbType.Boolean), .. Stamps, new("deleted_at", Timestamp),
        ];
        Add("products", columns, size.Products, i =>
        {
            var article = SampleArticle.Draw(random, i + 1);
            var id = random.NextId();
            _products.Add(id);
            foreach (var clothesSize in article.Shelf.Sizes ?? [])
                variants.Add(Variant(random, id, article, clothesSize));
            var supplier = random.Chance(90) ? random.Pick(_suppliers) : null;
            return [id, article.Sku, article.Barcode, article.Name, article.Description, _categories[article.Shelf.Name], supplier, _taxes[article.Shelf.TaxCode], article.Price, article.CostPrice, article.Stock, article.ReorderLevel, !random.Chance(2), .. Born(random), null];
        });
        Add("product_variants", [new("id", Varchar), new("product_id", Varchar), new("sku", Varchar), new("name", Varchar), new("attributes", Jsonb), new("price", Numeric), new("master_stock_quantity", Integer, "stock_quantity"), .. Stamps], variants.Count, i => variants[i]);
    }

    private static object?[] Variant(Random random, string product, SampleArticle article, string clothesSize)
    {
        var price = clothesSize == "XL" ? article.Price + 2m : article.Price;
        return [random.NextId(), product, $"{article.Sku}-{clothesSize}", $"size {clothesSize}", JsonSerializer.Serialize(new { size = clothesSize }, SampleJson.Options), price, random.Next(0, 60), .. Born(random)];
    }

    private void Customers()
    {
        var random = SampleRandom.For(seed, "customers");
        Add("customers", [new("id", Varchar), new("first_name", Varchar), new("last_name", Varchar), new("phone", Varchar), new("email", Varchar), new("birth_date", NpgsqlDbType.Date), new("loyalty_points", Integer), new("preferences", Jsonb), .. Stamps, new("deleted_at", Timestamp)], size.Customers, i =>
        {
            var person = SamplePerson.Draw(random, till: 0, number: i + 1);
            return [random.NextId(), person.FirstName, person.LastName, person.Phone, person.Email, person.BirthDate, random.Chance(60) ? random.Next(0, 2500) : 0, person.Preferences, .. Born(random), null];
        });
    }

    private void StockLevels()
    {
        var random = SampleRandom.For(seed, "terminal_stock_levels");
        Add("terminal_stock_levels", [new("terminal_id", Varchar), new("product_id", Varchar), new("quantity", Integer), new("last_updated", Timestamp)], _tills.Count * _products.Count, i =>
            [_tills[i / _products.Count].Id, _products[i % _products.Count], random.Next(0, 60), random.NextBefore(SampleChain.Opening.UtcDateTime, 20)]);
    }

    private void Add(string name, SampleColumn[] columns, int count, Func<int, object?[]> row)
    {
        var rows = new object?[count][];
        for (var i = 0; i < count; i++)
            rows[i] = row(i);
        _tables.Add(new SampleTable(name, columns, rows));
    }

    /// <summary>Made some time in the two years before the opening; about half were touched again since.</summary>
    private static object?[] Born(Random random)
    {
        var created = random.NextBefore(SampleChain.Opening.UtcDateTime, 730);
        var touched = random.Chance(50) ? created : random.NextBefore(SampleChain.Opening.UtcDateTime, 60);
        return [created, touched < created ? created : touched];
    }

    private static string Numbered(string prefix, int i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i + 1:00}");
}
