using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Several tills at one central at the same time.</summary>
public sealed class ManyTillsTests
{
    [Fact]
    public async Task Two_tills_upload_while_a_third_downloads_and_all_converge()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 5);
        await chain.Database.ExecuteAsync("INSERT INTO customers SELECT gen_random_uuid(), 'C' || i, '0' FROM generate_series(1, 5) i");
        var tills = new List<Till> { await chain.TillAsync("T1", Shop.Local), await chain.TillAsync("T2", Shop.Local), await chain.TillAsync("T3", Shop.Local) };
        foreach (var till in tills)
            await till.SyncAsync();

        var selling = Task.WhenAll(SellAsync(tills[0]), SellAsync(tills[1]));
        while (!selling.IsCompleted)
            await tills[2].Sync.RunAsync();
        await selling;
        // Twice, because the first one's round misses what the last one uploads.
        foreach (var till in tills.Concat(tills))
            await till.SyncAsync();

        await Shop.AssertConvergedAsync(chain, [.. tills]);
        Assert.Equal(30L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(30L, await chain.Database.ScalarAsync<long>("SELECT count(DISTINCT number) FROM orders"));
        Assert.Equal(30L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM order_items"));
        Assert.Equal(35L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM customers"));
        Assert.Equal(0, (await tills[2].SyncAsync()).Moved);
    }

    private static async Task SellAsync(Till till)
    {
        for (var i = 1; i <= 15; i++)
        {
            till.Execute($"""
                BEGIN;
                INSERT INTO customers VALUES ('{Guid.NewGuid()}', 'of {till.Id}', '{i}');
                INSERT INTO orders (number, total, created_at) VALUES ('{till.Id}-{i}', {i}, '2026-01-01T00:00:00.000Z');
                INSERT INTO order_items (order_id, product_id, quantity) VALUES (last_insert_rowid(), 'p1', {i});
                UPDATE customers SET phone = '{till.Id}' WHERE name = 'C{(till.Id == "T1" ? 1 : 2)}';
                COMMIT;
                """);
            if (i % 3 == 0)
                await till.Sync.RunAsync();
        }
    }
}
