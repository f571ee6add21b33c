using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Columns whose changes add up.</summary>
public sealed class AdditiveTests
{
    private const string Central = "CREATE TABLE goods (id int PRIMARY KEY, name text, stock int CHECK (stock > -1000), weight numeric(12,3), updated_at timestamptz);";

    private const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, stock INTEGER, weight TEXT, updated_at TEXT)";

    [Theory]
    [InlineData(ConflictPolicy.ServerWins)]
    [InlineData(ConflictPolicy.LocalWins)]
    [InlineData(ConflictPolicy.LastWriterWins)]
    [InlineData(ConflictPolicy.Merge)]
    [InlineData(ConflictPolicy.Manual)]
    public async Task Two_tills_that_sell_3_and_2_of_10_end_at_5_everywhere(ConflictPolicy policy)
    {
        await using var chain = await StartAsync(policy);
        var (one, two) = await TillsAsync(chain);
        one.Execute("UPDATE goods SET stock = stock - 3, weight = '1.000', updated_at = '2030-01-01T00:00:00Z' WHERE id = 1");
        two.Execute("UPDATE goods SET stock = stock - 1 WHERE id = 1; UPDATE goods SET stock = stock - 1, weight = '9.625', updated_at = '2029-01-01T00:00:00Z' WHERE id = 1");
        foreach (var till in new[] { one, two, one })
            Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["5 0.625"], await chain.TextsAsync("SELECT stock || ' ' || weight FROM goods WHERE id = 1"));
        Assert.Equal(["5 0.625"], one.Texts("SELECT stock || ' ' || weight FROM goods WHERE id = 1"));
        Assert.Equal(["5 0.625"], two.Texts("SELECT stock || ' ' || weight FROM goods WHERE id = 1"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        Assert.Equal(0, (await one.SyncAsync()).Moved + (await two.SyncAsync()).Moved);
    }

    [Fact]
    public async Task Both_selling_the_same_number_counts_twice()
    {
        await using var chain = await StartAsync(ConflictPolicy.ServerWins);
        var (one, two) = await TillsAsync(chain);
        one.Execute("UPDATE goods SET stock = 7 WHERE id = 1");
        two.Execute("UPDATE goods SET stock = 7 WHERE id = 1");
        foreach (var till in new[] { one, two, one })
            await till.SyncAsync();
        Assert.Equal(4, await chain.Database.ScalarAsync<int>("SELECT stock FROM goods WHERE id = 1"));
        Assert.Equal((4L, 4L), ((long)one.Scalar("SELECT stock FROM goods WHERE id = 1")!, (long)two.Scalar("SELECT stock FROM goods WHERE id = 1")!));
    }

    [Theory]
    [InlineData(ConflictPolicy.ServerWins, "central", "RESOLVED")]
    [InlineData(ConflictPolicy.LocalWins, "till", "RESOLVED")]
    [InlineData(ConflictPolicy.Merge, "central", "OPEN")]
    [InlineData(ConflictPolicy.Manual, "central", "OPEN")]
    public async Task A_dispute_over_another_field_does_not_stop_the_counting(ConflictPolicy policy, string name, string state)
    {
        await using var chain = await StartAsync(policy);
        var (till, other) = await TillsAsync(chain);
        till.Execute("UPDATE goods SET name = 'till', stock = stock - 3 WHERE id = 1");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'central', stock = stock - 2 WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal([$"{name} 5"], await chain.TextsAsync("SELECT name || ' ' || stock FROM goods WHERE id = 1"));
        Assert.Equal([$"{state} name"], await chain.TextsAsync("SELECT state || ' ' || array_to_string(fields, ',') FROM payflow.conflicts"));
        Assert.Equal(5L, till.Scalar("SELECT stock FROM goods WHERE id = 1"));

        // Sales go on while it waits, each counted once, and none is a new state of the conflict.
        till.Execute("UPDATE goods SET stock = stock - 1 WHERE id = 1");
        await till.SyncAsync();
        await till.SyncAsync();
        other.Execute("UPDATE goods SET stock = stock - 1 WHERE id = 1");
        await other.SyncAsync();
        Assert.Equal(3, await chain.Database.ScalarAsync<int>("SELECT stock FROM goods WHERE id = 1"));
        Assert.Equal(["1"], await chain.TextsAsync("SELECT version::text FROM payflow.conflicts"));
        till.Execute("UPDATE goods SET stock = stock - 1, name = 'central' WHERE id = 1");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(2, await chain.Database.ScalarAsync<int>("SELECT stock FROM goods WHERE id = 1"));
        Assert.Equal(2L, till.Scalar("SELECT stock FROM goods WHERE id = 1"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Theory]
    [InlineData("batch-claimed", "")]
    [InlineData("batch-applied", "")]
    [InlineData("batch-applied", "name = 'till', ")]
    public async Task A_sale_made_while_the_last_one_is_on_its_way_is_counted_on_top_of_centrals_total(string step, string also)
    {
        await using var chain = await StartAsync(also.Length == 0 ? ConflictPolicy.ServerWins : ConflictPolicy.Merge);
        var (till, _) = await TillsAsync(chain);
        till.Execute($"UPDATE goods SET {also} stock = stock - 3, weight = '9.5' WHERE id = 1");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'central', stock = stock - 2, weight = weight - 1 WHERE id = 1");
        var meddled = false;
        till = await chain.ReopenAsync(till, new SyncOptions
        {
            Step = name =>
            {
                if (name != step || meddled)
                    return;
                meddled = true;
                till.Execute("UPDATE goods SET stock = stock - 1, weight = '9.25' WHERE id = 1");
            },
        });
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(["central 4 8.250"], await chain.TextsAsync("SELECT name || ' ' || stock || ' ' || weight FROM goods WHERE id = 1"));
        Assert.Equal(["4 8.250"], till.Texts("SELECT stock || ' ' || weight FROM goods WHERE id = 1"));
    }

    [Theory]
    [InlineData("batch-claimed")]
    [InlineData("batch-applied")]
    [InlineData("batch-acknowledged")]
    public async Task A_run_killed_anywhere_counts_once(string step)
    {
        await using var chain = await StartAsync(ConflictPolicy.ServerWins);
        var (till, other) = await TillsAsync(chain);
        till.Execute("UPDATE goods SET stock = stock - 3 WHERE id = 1");
        till = await chain.KillAtAsync(till, step, first: () => till.Execute("UPDATE goods SET stock = stock - 1 WHERE id = 1"));
        other.Execute("UPDATE goods SET stock = stock - 2 WHERE id = 1");
        foreach (var each in new[] { other, till, other, till })
            await each.SyncAsync();
        Assert.Equal(4, await chain.Database.ScalarAsync<int>("SELECT stock FROM goods WHERE id = 1"));
        Assert.Equal((4L, 4L), ((long)till.Scalar("SELECT stock FROM goods WHERE id = 1")!, (long)other.Scalar("SELECT stock FROM goods WHERE id = 1")!));
    }

    [Fact]
    public async Task A_till_restored_from_a_backup_counts_nothing_twice()
    {
        await using var chain = await StartAsync(ConflictPolicy.LocalWins);
        var (till, other) = await TillsAsync(chain);
        till.Execute("UPDATE goods SET stock = stock - 3 WHERE id = 1; UPDATE goods SET stock = stock - 4 WHERE id = 2");
        var backup = till.File.Path + ".backup";
        till.Execute($"VACUUM INTO '{backup}'");
        await till.SyncAsync();
        other.Execute("UPDATE goods SET stock = stock - 2 WHERE id = 1");
        await other.SyncAsync();
        await other.SyncAsync();
        await till.Sync.DisposeAsync();
        File.Copy(backup, till.File.Path, overwrite: true);
        till = chain.Open(till.Id, till.File);
        await till.SyncAsync();
        Assert.Equal(["1 5", "2 6"], await chain.TextsAsync("SELECT id || ' ' || stock FROM goods WHERE id < 3 ORDER BY id"));
        // What both sides changed waits for a person, as every other field of a restored file does.
        Assert.Equal(["1 OPEN stock"], await chain.TextsAsync("SELECT concat_ws(' ', key, state, array_to_string(fields, ',')) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task An_empty_value_on_any_side_follows_the_ordinary_rule()
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var (till, _) = await TillsAsync(chain);
        till.Execute("UPDATE goods SET stock = NULL WHERE id = 1; UPDATE goods SET stock = 5 WHERE id = 2; UPDATE goods SET stock = NULL WHERE id = 3");
        await chain.Database.ExecuteAsync("UPDATE goods SET stock = 8 WHERE id = 1; UPDATE goods SET stock = NULL WHERE id = 2");
        await till.SyncAsync();
        Assert.Equal(["1 stock", "2 stock"], await chain.TextsAsync("SELECT key || ' ' || array_to_string(fields, ',') FROM payflow.conflicts WHERE state = 'OPEN' ORDER BY key"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods WHERE id = 3 AND stock IS NULL"));
    }

    [Theory]
    [InlineData("stock = stock - 600", "goods_stock_check")]
    [InlineData("stock = stock - 2147483000", "integer out of range")]
    public async Task A_sum_that_central_cannot_hold_fails_alone(string sale, string words)
    {
        await using var chain = await StartAsync(ConflictPolicy.ServerWins);
        var (till, _) = await TillsAsync(chain);
        await chain.Database.ExecuteAsync("UPDATE goods SET stock = -900 WHERE id = 1");
        if (words.Contains("range", StringComparison.Ordinal))
            await chain.Database.ExecuteAsync("ALTER TABLE goods DROP CONSTRAINT goods_stock_check; UPDATE goods SET stock = -2000 WHERE id = 1");
        till.Execute($"UPDATE goods SET {sale} WHERE id = 1; UPDATE goods SET stock = stock - 1 WHERE id = 2");
        await till.SyncAsync();
        Assert.Contains(words, Assert.Single(till.Texts("SELECT last_error FROM sync_queue WHERE status = 'FAILED'")), StringComparison.Ordinal);
        Assert.Equal(9, await chain.Database.ScalarAsync<int>("SELECT stock FROM goods WHERE id = 2"));
    }

    private static async Task<(Till One, Till Two)> TillsAsync(SyncFixture chain)
    {
        var (one, two) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        await one.SyncAsync();
        await two.SyncAsync();
        return (one, two);
    }

    private static async Task<SyncFixture> StartAsync(ConflictPolicy policy)
    {
        var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", Conflicts = policy, Additive = ["stock", "weight"] });
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT i, 'old', 10, 10, '2010-01-01Z' FROM generate_series(1, 5) i");
        return chain;
    }
}
