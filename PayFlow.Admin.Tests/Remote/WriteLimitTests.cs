using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>What central makes of rows behind a write filter's back, conditions of odd shapes, and runs that are kept open.</summary>
public sealed class WriteLimitTests
{
    [Fact]
    public async Task A_row_that_central_puts_under_another_key_is_not_let_through_unseen()
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central + """
            CREATE FUNCTION rekey() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.status = 'move' THEN NEW.id := NEW.store || '-' || NEW.id; END IF; RETURN NEW; END $$;
            CREATE TRIGGER rekey BEFORE INSERT OR UPDATE ON goods FOR EACH ROW EXECUTE FUNCTION rekey();
            """, Stores.Map);
        var (_, device) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        var others = await Stores.OthersAsync(remote);

        var result = await Stores.UploadAsync(remote, device, false, ("goods", null,
        [
            new RowChange { Key = "x", Values = Stores.Goods("x", "S2", status: "move") },
            new RowChange { Key = "a1", Values = Stores.Goods("a1", "S2", status: "move", sku: "skua1"), Base = Stores.Goods("a1", "S1", "own 1", "skua1") },
            new RowChange { Key = "y", Values = Stores.Goods("y", "S1") },
        ]));

        Assert.Equal(["a1", "x"], result.Sections[0].Outcomes.Where(o => o.Status == RowStatus.Failed).Select(o => o.Key).Order(StringComparer.Ordinal));
        Assert.Equal(others, await Stores.OthersAsync(remote));
        Assert.Equal(["a1 own 1", "y changed"], await remote.Chain.TextsAsync("SELECT concat_ws(' ', id, name) FROM goods WHERE id IN ('a1', 'y') ORDER BY id"));
    }

    [Theory]
    [InlineData("owner(t) = {terminal.store}", true)]
    [InlineData("t.store = {terminal.store} AND t.tableoid > 0", false)]
    public async Task A_filter_of_more_than_a_rows_columns_stops_no_attached_till_and_is_named_to_one_elsewhere(string filter, bool limits)
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central + "CREATE FUNCTION owner(goods) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.store';", [new TableMapEntry { Name = "goods", Filter = filter }]);
        var near = await remote.Chain.TillAsync("NEAR", Stores.Local, Stores.Of("S1"));
        await near.SyncAsync();
        near.Execute("UPDATE goods SET name = 'near' WHERE id = 'a1'; INSERT INTO goods (id, store, sku) VALUES ('z', 'S1', 'skub1')");
        await near.SyncAsync();
        // The value is another row's, of which is asked whether it travels to the till.
        Assert.Equal(RunStatus.Conflict, (await near.SyncAsync()).Status);
        Assert.Equal(["near"], await remote.Chain.TextsAsync("SELECT name FROM goods WHERE id = 'a1'"));

        if (!limits)
        {
            var refused = await Assert.ThrowsAsync<SyncException>(() => remote.TillAsync("T1", Stores.Of("S1"), Stores.Local));
            Assert.Equal((SyncErrorCode.InvalidConfiguration, "goods"), (refused.Code, refused.Table));
            Assert.Contains($"the filter \"{filter}\" is refused by PostgreSQL", refused.Message, StringComparison.Ordinal);
            await new TableMapStore(remote.Chain.Source).SaveAsync(new TableMap([new TableMapEntry { Name = "goods", Filter = filter, WriteFilter = Stores.Filter }]));
        }
        var (far, _) = await remote.TillAsync("T2", Stores.Of("S1"), Stores.Local);
        Assert.Equal(9L, far.Scalar("SELECT count(*) FROM goods"));
        far.Execute("UPDATE goods SET name = 'far' WHERE id = 'a1'");
        Assert.True((await far.SyncAsync()).IsClean);
        Assert.Equal(["far"], await remote.Chain.TextsAsync("SELECT name FROM goods WHERE id = 'a1'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_is_kept_open_does_not_outlast_the_map_and_the_attributes_by_which_it_began(bool isMap)
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central, Stores.Map);
        var (till, device) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        var run = Guid.NewGuid();
        await DeviceCalls.OpenAsync(remote, device, run, Stores.Local);
        using var line = remote.Line(device);
        Task<RowsAnswer> FetchAsync() => line.PostAsync(SyncPaths.Fetch, run, new FetchRequest("goods", ["a1"]), WireContext.Wire.FetchRequest, WireContext.Wire.RowsAnswer, CancellationToken.None);
        Assert.NotNull((await FetchAsync()).Rows[0].Values);

        if (isMap)
            await new TableMapStore(remote.Chain.Source).SaveAsync(new TableMap([new TableMapEntry { Name = "goods", Filter = "store = 'S2'" }]));
        else
            await remote.Chain.Database.ExecuteAsync("UPDATE payflow.terminals SET attributes = '{\"store\":\"S2\"}' WHERE id = 'T1'");
        var refused = await Assert.ThrowsAsync<SyncException>(FetchAsync);
        Assert.Equal((SyncErrorCode.Busy, true), (refused.Code, refused.IsTransient));

        // An honest till begins anew by itself, and has what it may have now.
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(9L, till.Scalar("SELECT count(*) FROM goods WHERE store = 'S2'"));
    }
}
