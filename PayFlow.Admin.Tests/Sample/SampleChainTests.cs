using PayFlow.Admin.Sample;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Sample;

public sealed class SampleChainTests
{
    [Fact]
    public async Task Central_has_the_size_that_was_asked_for()
    {
        await using var central = await CentralDatabase.CreateAsync();
        Assert.False(await SampleChain.ExistsAsync(central.DataSource));

        await SampleChain.CreateCentralAsync(central.DataSource, SampleSize.Small, seed: 7);

        Assert.True(await SampleChain.ExistsAsync(central.DataSource));
        Assert.Equal(2, await central.ScalarAsync<long>("SELECT count(*) FROM stores"));
        Assert.Equal(3, await central.ScalarAsync<long>("SELECT count(*) FROM terminals"));
        Assert.Equal(SampleSize.Small.Products, await central.ScalarAsync<long>("SELECT count(*) FROM products"));
        Assert.Equal(SampleSize.Small.Customers, await central.ScalarAsync<long>("SELECT count(DISTINCT phone) FROM customers"));
        Assert.Equal(SampleSize.Small.Products * 3, await central.ScalarAsync<long>("SELECT count(*) FROM terminal_stock_levels"));
        Assert.True(await central.ScalarAsync<long>("SELECT count(*) FROM product_variants") > 0);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_central_and_another_seed_another()
    {
        await using var first = await CentralDatabase.CreateAsync();
        await using var second = await CentralDatabase.CreateAsync();
        await using var other = await CentralDatabase.CreateAsync();
        foreach (var (central, seed) in new[] { (first, 7), (second, 7), (other, 8) })
        {
            await SampleChain.CreateCentralAsync(central.DataSource, SampleSize.Small, seed);
            Assert.Equal(60, await new SampleCentralOffice(central.DataSource, seed).WorkAsync(60));
        }

        var digest = await SampleDigest.OfAsync(first);
        Assert.Equal(digest, await SampleDigest.OfAsync(second));
        Assert.NotEqual(digest, await SampleDigest.OfAsync(other));
    }

    [Fact]
    public async Task Tables_that_exist_are_not_touched()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE TABLE public.products (id integer)");

        var refused = await Assert.ThrowsAsync<SyncException>(() => SampleChain.CreateCentralAsync(central.DataSource, SampleSize.Small, seed: 7));

        Assert.Equal(SyncErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains("products", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
        Assert.Equal(1, await central.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        Assert.False(await SampleChain.ExistsAsync(central.DataSource));
    }

    [Fact]
    public async Task The_head_office_changes_prices_stock_customers_and_articles()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await SampleChain.CreateCentralAsync(central.DataSource, SampleSize.Small, seed: 7);
        var opening = $"'{SampleChain.Opening:yyyy-MM-dd HH:mm:ss}'";

        var office = new SampleCentralOffice(central.DataSource, seed: 7);
        await office.WorkAsync(150);
        await office.WorkAsync(50);

        Assert.True(await central.ScalarAsync<long>("SELECT count(*) FROM products") > SampleSize.Small.Products);
        Assert.Equal(0, await central.ScalarAsync<long>("SELECT count(*) FROM products p WHERE (SELECT count(*) FROM terminal_stock_levels l WHERE l.product_id = p.id) <> 3"));
        foreach (var changed in new[] { $"products WHERE updated_at > {opening}", $"customers WHERE updated_at > {opening}", $"terminal_stock_levels WHERE last_updated > {opening}", "products WHERE deleted_at IS NOT NULL", "customers WHERE deleted_at IS NOT NULL" })
            Assert.True(await central.ScalarAsync<long>($"SELECT count(*) FROM {changed}") > 0, changed);
        Assert.Equal(0, await central.ScalarAsync<long>("SELECT count(*) FROM products WHERE price <> round(price, 2) OR price <= 0"));
    }

    [Fact]
    public async Task The_head_office_has_nothing_to_do_without_articles()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await SampleChain.CreateCentralAsync(central.DataSource, new SampleSize(Products: 0, Customers: 0), seed: 7);

        var refused = await Assert.ThrowsAsync<SyncException>(() => new SampleCentralOffice(central.DataSource, seed: 7).WorkAsync(1));

        Assert.Contains("no products", refused.Message, StringComparison.Ordinal);
    }
}
