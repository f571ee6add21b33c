using PayFlow.Admin.Tests.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

/// <summary>A run in which rows exchanged unique values is taken back.</summary>
public sealed class RollbackOfExchangeTests
{
    private const string Central = """
        CREATE TABLE goods (id text PRIMARY KEY, sku text NOT NULL UNIQUE, code int UNIQUE, labels text[], weight float8, notes json);
        INSERT INTO goods SELECT 'p' || i, 's' || i, i, ARRAY['a', NULL, 'b ' || i], CASE i WHEN 1 THEN '-0'::float8 ELSE 0.1 * i END, '{"b": 1,  "a": 2}' FROM generate_series(1, 4) i;
        """;

    private const string Local = "CREATE TABLE goods (id TEXT PRIMARY KEY, sku TEXT NOT NULL UNIQUE, code INTEGER UNIQUE)";
    private const string Swap = "UPDATE goods SET sku = 'tmp' WHERE id = 'p1'; UPDATE goods SET sku = 's1' WHERE id = 'p2'; UPDATE goods SET sku = 's2' WHERE id = 'p1'";
    private const string Shift = "UPDATE goods SET code = NULL WHERE id = 'p1'; UPDATE goods SET code = 1 WHERE id = 'p2'; UPDATE goods SET code = 2 WHERE id = 'p3'; UPDATE goods SET code = 3 WHERE id = 'p1'";

    [Theory]
    [InlineData(Swap)]
    [InlineData(Shift)]
    public async Task Central_is_as_it_was_and_the_rollback_can_be_rolled_back(string exchange)
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        var before = await RollbackCase.CentralAsync(chain);
        till.Execute($"BEGIN; {exchange}; COMMIT");
        var run = await till.SyncAsync();
        var after = await RollbackCase.CentralAsync(chain);

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Empty(report.Left);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
        Assert.Empty((await chain.RollBackAsync(report.RunId!.Value, till)).Left);
        Assert.Equal(after, await RollbackCase.CentralAsync(chain));
        Assert.Empty((await chain.RollBackAsync(run.RunId, till)).Left);
        await till.SyncAsync();
        Assert.Equal(await chain.TextsAsync("SELECT id || sku || code FROM goods ORDER BY id"), till.Texts("SELECT id || sku || code FROM goods ORDER BY id"));
    }

    [Theory]
    [InlineData(Swap)]
    [InlineData(Shift)]
    public async Task The_till_is_as_it_was_and_the_rollback_can_be_rolled_back(string exchange)
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        var before = RollbackCase.Till(till);
        await chain.Database.ExecuteAsync(exchange);
        var run = await till.SyncAsync();
        var after = RollbackCase.Till(till);

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Empty(report.Left);
        Assert.Equal(before, RollbackCase.Till(till));
        Assert.Empty((await chain.RollBackAsync(report.RunId!.Value, till)).Left);
        Assert.Equal(after, RollbackCase.Till(till));
    }
}
