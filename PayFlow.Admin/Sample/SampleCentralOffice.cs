using Npgsql;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Sample;

/// <summary>
/// Works in central as the head office's own application would: each change in a transaction of its own, nothing known of PayFlow.
/// What it does depends on the seed and on what central holds, never on the clock.
/// </summary>
/// <param name="central">The chain's database.</param>
/// <param name="seed">Decides what is changed.</param>
/// <param name="startsAt">When the first change happens; <see cref="SampleChain.Opening"/> when null.</param>
public sealed class SampleCentralOffice(NpgsqlDataSource central, int seed, DateTimeOffset? startsAt = null)
{
    private readonly Random _random = SampleRandom.For(seed, "central office");
    private DateTime _now = Start(startsAt ?? SampleChain.Opening);

    /// <summary>Makes that many changes: prices and stock above all, then customers, new articles, a discount, now and then an article or customer given up.</summary>
    /// <returns>The number of changes made.</returns>
    /// <exception cref="SyncException">Central has no articles to work on.</exception>
    public async Task<int> WorkAsync(int changes, CancellationToken cancellation = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellation);
        var desk = new SampleOfficeDesk(connection, cancellation);
        var products = await desk.ListAsync("SELECT id FROM public.products WHERE deleted_at IS NULL ORDER BY sku COLLATE \"C\"");
        var customers = await desk.ListAsync("SELECT id FROM public.customers WHERE deleted_at IS NULL ORDER BY phone COLLATE \"C\"");
        var discounts = await desk.ListAsync("SELECT id FROM public.discounts WHERE is_active ORDER BY code COLLATE \"C\"");
        if (products.Count == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"database {connection.Database} has no products to work on", "Create the sample chain first.");
        for (var i = 0; i < changes; i++)
        {
            _now = _now.AddMilliseconds(_random.Next(5_000, 90_000));
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ChangeAsync(desk, products, customers, discounts);
            await transaction.CommitAsync(cancellation);
        }
        return changes;
    }

    private async Task ChangeAsync(SampleOfficeDesk desk, List<string> products, List<string> customers, List<string> discounts)
    {
        switch (_random.Next(100))
        {
            case < 35:
                await desk.ChangePriceAsync(_random.Pick(products), _random.Next(-10, 16), _now);
                break;
            case < 60:
                await desk.CountStockAsync(_random.Pick(products), _random.Next(0, 400), _random.Next(0, 60), _now);
                break;
            case < 80 when customers.Count > 0:
                await ChangeCustomerAsync(desk, _random.Pick(customers));
                break;
            case < 90:
                products.Add(await AddProductAsync(desk));
                break;
            case < 93 when discounts.Count > 0:
                await desk.ChangeDiscountAsync(_random.Pick(discounts), _random.Next(2, 25), _now);
                break;
            case < 97 when customers.Count > 1:
                await GiveUpAsync(desk, "customers", customers);
                break;
            default:
                if (products.Count > 1)
                    await GiveUpAsync(desk, "products", products);
                else
                    products.Add(await AddProductAsync(desk));
                break;
        }
    }

    private Task ChangeCustomerAsync(SampleOfficeDesk desk, string customer) => _random.Next(3) switch
    {
        0 => desk.AddPointsAsync(customer, _random.Next(10, 250), _now),
        1 => desk.ChangeLastNameAsync(customer, _random.Pick(SampleNames.Last), _now),
        _ => desk.ChangePreferencesAsync(customer, SamplePerson.DrawPreferences(_random), _now),
    };

    private async Task<string> AddProductAsync(SampleOfficeDesk desk)
    {
        var article = SampleArticle.Draw(_random, await desk.NextArticleNumberAsync());
        var id = _random.NextId();
        await desk.AddProductAsync(id, article, _now);
        foreach (var clothesSize in article.Shelf.Sizes ?? [])
            await desk.AddVariantAsync(_random.NextId(), id, article, clothesSize, _now);
        await desk.StockTerminalsAsync(id, _random.Next(0, 30), _now);
        return id;
    }

    private async Task GiveUpAsync(SampleOfficeDesk desk, string table, List<string> rows)
    {
        var row = _random.Pick(rows);
        await desk.SoftDeleteAsync(table, row, _now);
        rows.Remove(row);
    }

    private static DateTime Start(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
}
