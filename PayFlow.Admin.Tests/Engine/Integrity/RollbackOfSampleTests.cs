using PayFlow.Admin.Sample;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Tests.Sample;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Rollbacks;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

public sealed class RollbackOfSampleTests
{
    [Fact]
    public async Task After_a_days_sales_and_their_rollback_the_sample_chain_is_as_it_was()
    {
        await using var central = await CentralDatabase.CreateAsync();
        using var folder = new SampleFolder();
        await using var source = await PostgresSource.OpenAsync(central.ConnectionString, CancellationToken.None);
        await SampleChain.CreateCentralAsync(source, SampleSize.Small, seed: 7);
        await new TableMapStore(source).SaveAsync(new TableMap(SampleMap.Entries), null, CancellationToken.None);
        var till = SampleCatalogue.Generate(SampleSize.Small, seed: 7).Tills[0];
        var path = folder.File("till.db");
        SampleChain.CreateTill(path, till, seed: 7);
        await new Attachment(source).AttachAsync(new AttachRequest { Path = path, Terminal = till.Code, Attributes = new Dictionary<string, string> { ["store_id"] = till.StoreId, ["terminal_id"] = till.Id } }, CancellationToken.None);
        await using var sync = new TerminalSync(path, new PostgresCentral(source));
        await sync.RunAsync();
        var before = await SampleDigest.OfAsync(central);

        new SampleCashier(path, till, seed: 7).SellOffline(25);
        var run = await sync.RunAsync();
        var after = await SampleDigest.OfAsync(central);
        Assert.NotEqual(before, after);
        var rollback = new Rollback(source);
        var undo = await rollback.RunAsync(new RollbackRequest { Run = run.RunId.ToString(), Actor = "test" });

        Assert.Empty(undo.Left);
        Assert.Equal(before, await SampleDigest.OfAsync(central));
        Assert.Empty((await rollback.RunAsync(new RollbackRequest { Run = undo.RunId.ToString()!, Actor = "test" })).Left);
        Assert.Equal(after, await SampleDigest.OfAsync(central));
    }
}
