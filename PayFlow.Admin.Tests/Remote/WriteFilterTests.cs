using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A till elsewhere writes the rows that the map's <c>writeFilter</c> allows, whatever it sends.</summary>
public sealed class WriteFilterTests
{
    [Fact]
    public async Task Rows_of_another_store_are_neither_changed_nor_shown_by_any_kind_of_section_and_the_rest_of_the_batch_arrives()
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central, Stores.Map);
        var (_, device) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        var others = await Stores.OthersAsync(remote);
        (string Kind, bool IsRestored, Func<TableSection, TableSection>? With)[] kinds =
        [
            ("sent", false, null),
            ("restored", true, null),
            ("bootstrap", false, s => s with { IsBootstrap = true, IsLinked = false }),
            ("restored bootstrap", true, s => s with { IsBootstrap = true }),
            ("unknown base", false, s => s with { BaseUnknown = true }),
        ];
        var round = 0;
        foreach (var (kind, isRestored, with) in kinds)
        {
            var own = $"new{++round}";
            var result = await Stores.UploadAsync(remote, device, isRestored, ("goods", with,
            [
                // Under its key, without and with what it was before, guessed or known; into the till's own store; its deletion, and its mark.
                new RowChange { Key = "b1", Values = Stores.Goods("b1", "S2") },
                new RowChange { Key = "b2", Values = Stores.Goods("b2", "S2"), Base = Stores.Goods("b2", "S2", "secret 2") },
                new RowChange { Key = "b3", Values = Stores.Goods("b3", "S2"), Base = Stores.Goods("b3", "S2", "guessed") },
                new RowChange { Key = "b4", Values = Stores.Goods("b4", "S1") },
                new RowChange { Key = "b5", Values = Stores.Goods("b5", "S1"), Base = Stores.Goods("b5", "S2", "secret 5") },
                new RowChange { Key = "b6", Base = Stores.Goods("b6", "S2", "secret 6") },
                new RowChange { Key = "b7", Values = Stores.Goods("b7", "S2", "secret 7", deleted: "2026-01-01T00:00:00Z"), Base = Stores.Goods("b7", "S2", "secret 7") },
                new RowChange { Key = "b8", Values = Stores.Goods("b8", "S2", "secret 8") , Attempts = 3 },
                // Its own row into the other store, and a new one there.
                new RowChange { Key = "a1", Values = Stores.Goods("a1", "S2", "own 1"), Base = Stores.Goods("a1", "S1", "own 1") },
                new RowChange { Key = "away", Values = Stores.Goods("away", "S2") },
                // And what it may do.
                new RowChange { Key = own, Values = Stores.Goods(own, "S1") },
                new RowChange { Key = "a2", Values = Stores.Goods("a2", "S1", own), Base = Stores.Goods("a2", "S1", round == 1 ? "own 2" : $"new{round - 1}") },
            ]));

            var refused = result.Sections[0].Outcomes.Where(o => o.Status == RowStatus.Failed).ToList();
            Assert.Equal((kind, "a1 away b1 b2 b3 b4 b5 b6 b7 b8"), (kind, string.Join(' ', refused.Select(o => o.Key).Order(StringComparer.Ordinal))));
            Assert.All(refused, o => Assert.StartsWith($"goods/{o.Key}: ", o.Reason, StringComparison.Ordinal));
            Assert.All(refused, o => Assert.Contains($"(filter: {Stores.Filter})", o.Reason, StringComparison.Ordinal));
            Assert.All(refused, o => Assert.Contains("\"writeFilter\" for goods", o.Reason, StringComparison.Ordinal));
            Assert.Equal((kind, others), (kind, await Stores.OthersAsync(remote)));
            Assert.Equal(["S1 changed"], await remote.Chain.TextsAsync($"SELECT store || ' ' || name FROM goods WHERE id = '{own}'"));
            Assert.Equal((kind, "own 1"), (kind, Assert.Single(await remote.Chain.TextsAsync("SELECT name FROM goods WHERE id = 'a1' AND store = 'S1'"))));
        }
        Assert.Equal(1, (await Stores.UploadAsync(remote, device, false, ("goods", null, [new RowChange { Key = "a3", Base = Stores.Goods("a3", "S1", "own 3") }]))).Sections[0].Deleted);
        // Nor is anything of them recorded.
        Assert.Empty(await remote.Chain.TextsAsync("SELECT local_key FROM payflow.conflicts WHERE local_key LIKE 'b%'"));
        Assert.Empty(await remote.Chain.TextsAsync("SELECT key FROM payflow.journal WHERE key LIKE 'b%' OR key = 'away' OR 'away' = ANY (keys)"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Stores.Filter)]
    public async Task A_till_deletes_rows_of_its_own_also_where_deleted_rows_do_not_travel(string? writeFilter)
    {
        var goods = Stores.Map[0] with { Filter = $"{Stores.Filter} AND deleted_at IS NULL", WriteFilter = writeFilter };
        await using var remote = await RemoteChain.CreateAsync(Stores.Central, [goods, .. Stores.Map[1..]]);
        var (till, device) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        var others = await Stores.OthersAsync(remote);

        // Marked by the POS program; deleted; deleted on both sides; changed while central deleted it.
        till.Execute("UPDATE goods SET deleted_at = '2026-01-01T00:00:00Z' WHERE id = 'a1'; DELETE FROM goods WHERE id IN ('a2', 'a3'); UPDATE goods SET name = 'changed' WHERE id = 'a4'");
        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET deleted_at = now() WHERE id IN ('a3', 'a4')");
        await remote.Chain.SettledAsync();
        Assert.Equal(0, (await remote.Agent(till.File, device).RunOnceAsync(CancellationToken.None)).FailedRows);
        Assert.Equal(["a1", "a2", "a3", "a4"], await remote.Chain.TextsAsync("SELECT id FROM goods WHERE deleted_at IS NOT NULL ORDER BY id"));
        Assert.Equal("changed", await remote.Chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 'a4'"));

        // Nor is anything of the other store within reach for being marked.
        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET deleted_at = '2026-01-01' WHERE id = 'b1'");
        var marked = await Stores.OthersAsync(remote);
        var result = await Stores.UploadAsync(remote, device, false, ("goods", null,
        [
            new RowChange { Key = "b1", Values = Stores.Goods("b1", "S2") },
            new RowChange { Key = "b2", Values = Stores.Goods("b2", "S2", "secret 2", deleted: "2026-01-01T00:00:00Z"), Base = Stores.Goods("b2", "S2", "secret 2") },
            new RowChange { Key = "b3", Base = Stores.Goods("b3", "S2", "secret 3") },
            new RowChange { Key = "a5", Values = Stores.Goods("a5", "S2", "own 5", deleted: "2026-01-01T00:00:00Z"), Base = Stores.Goods("a5", "S1", "own 5") },
        ]));
        Assert.Equal(4, result.Sections[0].Outcomes.Count(o => o.Status == RowStatus.Failed));
        Assert.Equal(marked, await Stores.OthersAsync(remote));
        Assert.NotEqual(others, marked);
    }

    [Fact]
    public async Task A_row_is_not_reached_by_the_key_that_the_till_claims_by_a_natural_key_by_its_parent_or_to_be_linked_only()
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central, Stores.Map);
        var (till, device) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        Assert.Equal(["one"], till.Texts("SELECT number FROM orders"));
        Assert.Equal(["1"], till.Texts("SELECT quantity FROM items"));
        var others = await Stores.OthersAsync(remote);

        var claimed = await Stores.UploadAsync(remote, device, false,
            ("orders", null,
            [
                new RowChange { Key = "11", ServerKey = "o2", Values = Stores.Order("S1", "mine now") },
                new RowChange { Key = "12", ServerKey = "o2", Values = Stores.Order("S1", "mine now"), Base = Stores.Order("S2", "two") },
                new RowChange { Key = "13", ServerKey = "o2", Base = Stores.Order("S2", "two") },
                new RowChange { Key = "14", Values = Stores.Order("S1", "fourteen") },
                new RowChange { Key = "15", Values = Stores.Order("S2", "fifteen") },
            ]),
            ("items", null,
            [
                new RowChange { Key = "21", Values = [CellValue.LocalReference("14"), CellValue.Of(14L)] },
                new RowChange { Key = "22", Values = [CellValue.LocalReference("15"), CellValue.Of(15L)] },
                new RowChange { Key = "23", Values = [CellValue.Of("o2"), CellValue.Of(2L)] },
                new RowChange { Key = "24", ServerKey = "i2", Values = [CellValue.LocalReference("14"), CellValue.Of(2L)], Base = [CellValue.Of("o2"), CellValue.Of(2L)] },
            ]));
        Assert.Equal("11 12 13 15", Failed(claimed, 0));
        // Its parent was refused, and it waits for it.
        Assert.Equal(["22"], claimed.Sections[1].Outcomes.Where(o => o.Status == RowStatus.Waits).Select(o => o.Key));
        Assert.Equal("23 24", Failed(claimed, 1));
        Assert.Equal(others, await Stores.OthersAsync(remote));
        Assert.Equal(["14"], await remote.Chain.TextsAsync("SELECT i.quantity FROM items i JOIN orders o ON o.id = i.order_id WHERE o.number = 'fourteen'"));

        // The other store's order of the same number is another order.
        var matched = await Stores.UploadAsync(remote, device, false, ("orders", s => s with { IsBootstrap = true, IsLinked = false }, [new RowChange { Key = "31", Values = Stores.Order("S1", "two", 5) }]));
        Assert.Equal(1, matched.Sections[0].Inserted);
        var linkOnly = await Stores.UploadAsync(remote, device, false, ("orders", s => s with { IsLinkOnly = true }, [new RowChange { Key = "41", ServerKey = "o2", Values = Stores.Order("S1", "x") }]),
            ("goods", s => s with { IsLinkOnly = true }, [new RowChange { Key = "b1", Values = Stores.Goods("b1", "S1") }]));
        Assert.All(linkOnly.Sections.SelectMany(s => s.Outcomes), o => Assert.Equal((RowStatus.Skipped, true), (o.Status, o.Central is null)));
        Assert.Equal(others, await Stores.OthersAsync(remote));
        Assert.Empty(await remote.Chain.TextsAsync("SELECT local_key FROM payflow.links WHERE server_key IN ('o2', 'i2')"));
    }

    [Fact]
    public async Task What_an_honest_till_may_not_write_waits_as_a_dead_letter_and_goes_once_row_or_map_was_mended()
    {
        const string Open = "store = {terminal.store} AND status = 'open'";
        var goods = new TableMapEntry { Name = "goods", Filter = Open };
        await using var remote = await RemoteChain.CreateAsync(Stores.Central, [goods]);
        var (till, device) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        till.Execute("UPDATE goods SET status = 'done' WHERE id = 'a1'; UPDATE goods SET store = 'S2' WHERE id = 'a2'; UPDATE goods SET name = 'new' WHERE id = 'a3'");
        var report = await till.SyncAsync();
        Assert.Equal((RunStatus.Failed, 1L), (report.Status, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods WHERE name = 'new'")));
        var waiting = till.Texts("SELECT entity_id || ' ' || status || ' ' || last_error FROM sync_queue ORDER BY entity_id");
        Assert.Equal(2, waiting.Count);
        Assert.All(waiting, w => Assert.Contains($"(filter: {Open}). Correct the row, or let an administrator set \"writeFilter\" for goods", w, StringComparison.Ordinal));

        // The row is corrected; and the map says that a till may finish what is open.
        till.Execute("UPDATE goods SET store = 'S1', name = 'back' WHERE id = 'a2'");
        await new TableMapStore(remote.Chain.Source).SaveAsync(new TableMap([goods with { WriteFilter = Stores.Filter }]));
        Requeueing.Requeue(till.File.Path, new QueueFilter());
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["a1 done", "a2 open"], await remote.Chain.TextsAsync("SELECT id || ' ' || status FROM goods WHERE id IN ('a1', 'a2') AND store = 'S1' ORDER BY 1"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
        // The other store's rows are still not its own; with any they are.
        RowChange[] theirs = [new RowChange { Key = "b1", Values = Stores.Goods("b1", "S2", "of T1"), Base = Stores.Goods("b1", "S2", "secret 1") }];
        Assert.Contains($"(writeFilter: {Stores.Filter})", Assert.Single((await Stores.UploadAsync(remote, device, false, ("goods", null, theirs))).Sections[0].Outcomes).Reason, StringComparison.Ordinal);
        await new TableMapStore(remote.Chain.Source).SaveAsync(new TableMap([goods with { WriteFilter = "Any" }]));
        Assert.Equal(1, (await Stores.UploadAsync(remote, device, false, ("goods", null, theirs))).Sections[0].Updated);
        Assert.Equal(["of T1"], await remote.Chain.TextsAsync("SELECT name FROM goods WHERE id = 'b1'"));
    }

    [Fact]
    public async Task What_central_makes_of_a_row_is_what_counts_and_thousands_of_rows_are_refused_without_taking_the_others_apart()
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central + """
            CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.store := coalesce(NEW.store, split_part(NEW.sku, '-', 1)); RETURN NEW; END $$;
            CREATE TRIGGER fill BEFORE INSERT ON goods FOR EACH ROW EXECUTE FUNCTION fill();
            """, [new TableMapEntry { Name = "goods", Filter = Stores.Filter }]);
        var (till, _) = await remote.TillAsync("T1", Stores.Of("S1"), Stores.Local);
        till.Execute("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO goods (id, sku) SELECT 'x' || i, 'S' || (1 + i % 2) || '-' || i FROM n
            """);
        await till.SyncAsync();
        Assert.Equal(["S1 1009", "S2 9"], await remote.Chain.TextsAsync("SELECT store || ' ' || count(*) FROM goods GROUP BY store ORDER BY 1"));
        Assert.Equal(1000L, till.Scalar("SELECT count(*) FROM sync_queue WHERE last_error LIKE '%as it was sent%'"));
    }

    [Fact]
    public async Task An_attached_file_is_held_to_no_filter_and_a_till_elsewhere_without_the_attribute_is_told_so()
    {
        await using var remote = await RemoteChain.CreateAsync(Stores.Central, [new TableMapEntry { Name = "goods", WriteFilter = "store = {terminal.shop}" }]);
        var near = await remote.Chain.TillAsync("NEAR", Stores.Local, Stores.Of("S1"));
        await near.SyncAsync();
        near.Execute("UPDATE goods SET name = 'by the host' WHERE id = 'b1'; UPDATE goods SET store = 'S3' WHERE id = 'b2'; DELETE FROM goods WHERE id = 'b3'");
        Assert.True((await near.SyncAsync()).IsClean);
        Assert.Equal(["by the host"], await remote.Chain.TextsAsync("SELECT name FROM goods WHERE id = 'b1'"));

        var file = remote.File(Stores.Local);
        var device = await remote.RegisterAsync("FAR", file, Stores.Of("S1"));
        var refused = await Assert.ThrowsAsync<SyncException>(() => remote.Agent(file, device).RunOnceAsync(CancellationToken.None));
        Assert.Equal((SyncErrorCode.InvalidConfiguration, "goods", "FAR"), (refused.Code, refused.Table, refused.Terminal));
        Assert.Contains("no attribute shop", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Give the terminal the attribute shop", refused.Hint, StringComparison.Ordinal);
        // Nor does a condition that PostgreSQL cannot answer let anything through.
        await new TableMapStore(remote.Chain.Source).SaveAsync(new TableMap([new TableMapEntry { Name = "goods", WriteFilter = "store = 5" }]));
        refused = await Assert.ThrowsAsync<SyncException>(() => remote.Agent(file, device).RunOnceAsync(CancellationToken.None));
        Assert.StartsWith("table goods: the writeFilter \"store = 5\" is refused by PostgreSQL", refused.Message, StringComparison.Ordinal);
    }

    private static string Failed(UploadResult result, int section) => string.Join(' ', result.Sections[section].Outcomes.Where(o => o.Status == RowStatus.Failed).Select(o => o.Key).Order(StringComparer.Ordinal));
}
