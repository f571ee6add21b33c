using PayFlow.Admin.Tests.Engine.Integrity;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Integrity.Rollbacks;
using PayFlow.Sync.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Journal;

public sealed class JournalPruningTests
{
    [Fact]
    public async Task What_is_old_goes_run_by_run_and_the_run_itself_stays()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 3);
        var till = await chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute("UPDATE payflow_journal SET at = '2020-01-01T00:00:00.000Z'");
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 5");
        var run = await till.SyncAsync();

        Assert.Equal([run.RunId.ToString()], till.Texts("SELECT DISTINCT run_id FROM payflow_journal"));
    }

    [Fact]
    public async Task Half_a_run_is_never_rolled_back()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central);
        await Shop.ProductsAsync(chain, 1);
        var till = await chain.TillAsync("T1", Shop.Local);
        var load = await till.SyncAsync();
        // As many entries as one run's pruning does not get through.
        till.Execute($"INSERT INTO payflow_journal (run_id, table_name, op, key, before, after, at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 22000) SELECT '{load.RunId}', 'products', 'U', 'p1', '{{}}', '{{}}', '2024-01-01T00:00:00.000Z' FROM n");
        till = await chain.ReopenAsync(till, new SyncOptions { Journal = new JournalRetention { TerminalEntries = 10 } });
        await chain.Database.ExecuteAsync("UPDATE products SET stock = 5");
        await till.SyncAsync();
        Assert.Equal(2002L, till.Scalar($"SELECT count(*) FROM payflow_journal WHERE run_id = '{load.RunId}'"));

        var report = await chain.RollBackAsync(load.RunId, till);
        Assert.Equal((TerminalPart.Pruned, 0L), (report.TerminalPart, report.Moved));

        await chain.Database.ExecuteAsync("UPDATE products SET stock = 6");
        await till.SyncAsync();
        Assert.Equal(0L, till.Scalar($"SELECT count(*) FROM payflow_journal WHERE run_id = '{load.RunId}'"));
    }
}
