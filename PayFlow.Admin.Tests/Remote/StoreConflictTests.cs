using System.Net;
using System.Net.Http.Json;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>Conflicts in which a row of another store has a part: nothing of it reaches the till, by no answer and no decision.</summary>
public sealed class StoreConflictTests
{
    private const string Central = Stores.Central + """

        CREATE TABLE members (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, store text, email text UNIQUE, name text);
        INSERT INTO members VALUES ('m2', 'S2', 'a@b', 'secret member');
        """;

    private const string Local = Stores.Local + "CREATE TABLE members (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, store TEXT, email TEXT, name TEXT);";

    private static TableMapEntry[] Map => [.. Stores.Map, new TableMapEntry { Name = "members", Filter = Stores.Filter, Conflicts = ConflictPolicy.Manual }];

    [Fact]
    public async Task A_unique_value_of_another_stores_row_is_shown_to_the_console_and_not_to_the_till_and_central_cannot_be_taken()
    {
        await using var remote = await RemoteChain.CreateAsync(Central, Map);
        var (till, device) = await RegisterAsync(remote);
        // Of one key on both sides, and of a key of the till's own.
        till.Execute("INSERT INTO goods (id, store, sku, name) VALUES ('n1', 'S1', 'skub2', 'mine'); INSERT INTO members (store, email, name) VALUES ('S1', 'a@b', 'mine')");
        await till.SyncAsync();
        Assert.Equal(RunStatus.Conflict, (await till.SyncAsync()).Status);

        Assert.All(till.Texts("SELECT last_error FROM sync_queue"), e => Assert.Contains("already used by a row of central that does not travel to this till", e, StringComparison.Ordinal));
        var desk = new ConflictDesk(remote.Chain.Source);
        using var client = DeviceCalls.Client(remote, device.Key!);
        Assert.DoesNotContain("b2", await client.GetStringAsync("/api/sync/conflicts"), StringComparison.Ordinal);
        var conflicts = (await desk.ListAsync(new ConflictFilter())).Conflicts;
        Assert.Equal(["b2", "m2"], conflicts.Select(c => c.OtherKey).Order(StringComparer.Ordinal));
        foreach (var conflict in conflicts)
        {
            Assert.Contains("secret", (await desk.ShowAsync(conflict.Id)).CentralRow!["name"].ToString(), StringComparison.Ordinal);
            var shown = await client.GetStringAsync($"/api/sync/conflicts/{conflict.Id}");
            Assert.Contains("mine", shown, StringComparison.Ordinal);
            await AssertHiddenAsync(client, conflict, shown);
            var taken = await Assert.ThrowsAsync<SyncException>(() => ResolveAsync(remote, conflict, ConflictChoice.Of(ConflictSide.Central)));
            Assert.Equal(SyncErrorCode.ValueRefused, taken.Code);
            Assert.Contains("outside of the filter", taken.Message, StringComparison.Ordinal);
            Assert.Contains("Give the field another value", taken.Hint, StringComparison.Ordinal);
        }
        // Nor when it was changed meanwhile: a decision says what has changed.
        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET name = 'secret still' WHERE id = 'b2'");
        await AssertHiddenAsync(client, conflicts.Single(c => c.OtherKey == "b2"), string.Empty);
        await till.SyncAsync();
        Assert.Equal(["mine"], till.Texts("SELECT name FROM goods WHERE id = 'n1'"));
        Assert.Empty(till.Texts("SELECT id FROM goods WHERE name LIKE 'secret%' UNION ALL SELECT local_id FROM members WHERE server_id = 'm2'"));
        Assert.Empty(await remote.Chain.TextsAsync("SELECT local_key FROM payflow.links WHERE server_key = 'm2'"));

        // Another value, given in the console or at the till.
        await ResolveAsync(remote, conflicts.Single(c => c.OtherKey == "m2"), new ConflictChoice { Fields = new Dictionary<string, FieldChoice> { ["email"] = FieldChoice.Of(CellValue.Of("c@d")) } });
        till.Execute("UPDATE goods SET sku = 'own' WHERE id = 'n1'");
        await till.SyncAsync();
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["a@b", "c@d"], await remote.Chain.TextsAsync("SELECT email FROM members ORDER BY 1"));
        Assert.Equal(["own"], await remote.Chain.TextsAsync("SELECT sku FROM goods WHERE id = 'n1'"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task A_till_sees_and_decides_a_unique_conflict_with_a_row_of_its_own_store()
    {
        await using var remote = await RemoteChain.CreateAsync(Central, Map);
        var (till, device) = await RegisterAsync(remote);
        await remote.Chain.Database.ExecuteAsync("INSERT INTO members VALUES ('m1', 'S1', 'x@y', 'of the store')");
        till.Execute("INSERT INTO members (store, email, name) VALUES ('S1', 'x@y', 'mine')");
        await remote.Chain.SettledAsync();
        using var client = DeviceCalls.Client(remote, device.Key!);
        await till.SyncAsync();
        await till.SyncAsync();
        var conflict = Assert.Single((await new ConflictDesk(remote.Chain.Source).ListAsync(new ConflictFilter())).Conflicts);
        var shown = await client.GetStringAsync($"/api/sync/conflicts/{conflict.Id}");
        Assert.Contains("of the store", shown, StringComparison.Ordinal);
        Assert.Contains("\"otherKey\":\"m1\"", shown, StringComparison.Ordinal);
        // A value of its own, but not the other store.
        using (var away = await client.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = conflict.Version, take = "terminal", fields = new { store = new { value = "S2" }, email = new { value = "n@n" } } }))
        {
            var text = await away.Content.ReadAsStringAsync();
            Assert.True(away.StatusCode == HttpStatusCode.UnprocessableEntity, text);
            Assert.Contains("filter: store = {terminal.store}", text, StringComparison.Ordinal);
        }
        using var own = await client.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = conflict.Version, take = "terminal", fields = new { email = new { value = "n@n" } } });
        Assert.True(own.IsSuccessStatusCode, await own.Content.ReadAsStringAsync());
        Assert.Equal(["S1 n@n mine", "S1 x@y of the store", "S2 a@b secret member"], await remote.Chain.TextsAsync("SELECT concat_ws(' ', store, email, name) FROM members ORDER BY 1"));
    }

    [Fact]
    public async Task A_row_that_was_given_to_another_store_while_its_conflict_waited_is_neither_shown_to_the_till_nor_decided_by_it()
    {
        await using var remote = await RemoteChain.CreateAsync(Central, Map);
        var (till, device) = await RegisterAsync(remote);
        till.Execute("UPDATE goods SET name = 'mine' WHERE id = 'a1'");
        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET name = 'central''s' WHERE id = 'a1'");
        await remote.Chain.SettledAsync();
        Assert.Equal(RunStatus.Conflict, (await till.SyncAsync()).Status);
        var conflict = Assert.Single((await new ConflictDesk(remote.Chain.Source).ListAsync(new ConflictFilter())).Conflicts);
        using var client = DeviceCalls.Client(remote, device.Key!);
        Assert.Contains("central's", System.Text.Json.JsonDocument.Parse(await client.GetStringAsync($"/api/sync/conflicts/{conflict.Id}")).RootElement.GetProperty("now").ToString(), StringComparison.Ordinal);

        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET name = 'secret', store = 'S2' WHERE id = 'a1'");
        await AssertHiddenAsync(client, conflict, await client.GetStringAsync($"/api/sync/conflicts/{conflict.Id}"));
        // A newer change of it is refused as well, and tells nothing.
        till.Execute("UPDATE goods SET name = 'newer' WHERE id = 'a1'");
        await till.SyncAsync();
        Assert.Contains("goods/a1: central's row of this key is not among those that this till may write", Assert.Single(till.Texts("SELECT last_error FROM sync_queue")), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Concat(till.Texts("SELECT concat_ws(' ', name, store) FROM goods UNION ALL SELECT concat_ws(' ', base, last_error) FROM sync_queue")), StringComparison.Ordinal);
        Assert.Equal(["secret"], await remote.Chain.TextsAsync("SELECT name FROM goods WHERE id = 'a1'"));
    }

    [Fact]
    public async Task Nothing_of_another_till_or_store_is_read_or_closed_by_any_other_request()
    {
        await using var remote = await RemoteChain.CreateAsync(Central, Map);
        var (till, device) = await RegisterAsync(remote);
        var (other, otherDevice) = await remote.TillAsync("T2", Stores.Of("S2"), Local);
        other.Execute("UPDATE goods SET name = 'secret mine' WHERE id = 'b1'");
        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET name = 'secret central' WHERE id = 'b1'");
        await other.SyncAsync();
        var conflict = Assert.Single((await new ConflictDesk(remote.Chain.Source).ListAsync(new ConflictFilter())).Conflicts);
        await ResolveAsync(remote, conflict, ConflictChoice.Of(ConflictSide.Central));
        var batch = Guid.Parse((await remote.Chain.TextsAsync("SELECT id::text FROM payflow.batches WHERE terminal_id = 'T2' ORDER BY applied_at DESC LIMIT 1"))[0]!);

        var run = Guid.NewGuid();
        await DeviceCalls.OpenAsync(remote, device, run, Local);
        using var line = remote.Line(device);
        var wire = WireContext.Wire;
        Task<TAnswer> Post<TBody, TAnswer>(string path, TBody body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TBody> what, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TAnswer> answer) =>
            line.PostAsync(path, run, body, what, answer, CancellationToken.None);
        // What became of another's batch, and of another's conflict; its number does not close it.
        using var client = DeviceCalls.Client(remote, device.Key!);
        client.DefaultRequestHeaders.Add(HostLine.RunHeader, run.ToString());
        Assert.Equal("{}", await client.GetStringAsync($"{SyncPaths.Result}?batch={batch}"));
        var decision = Assert.Single(await Post(SyncPaths.Decisions, new[] { new ConflictingRow("goods", "b1") }, wire.ConflictingRowArray, wire.DecisionArray));
        Assert.Equal((DecisionState.Unknown, 0L, true), (decision.State, decision.Conflict, decision.Values is null));
        using (var delivered = await client.PostAsJsonAsync(SyncPaths.Delivered, new { conflicts = new[] { conflict.Id } }))
            Assert.True(delivered.IsSuccessStatusCode);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts WHERE delivered_at IS NULL"));
        // Another's batch's number for a batch of its own.
        var taken = new ChangeBatch { Id = batch, RunId = run, Sections = [] };
        Assert.Equal(SyncErrorCode.Protocol, (await Assert.ThrowsAsync<SyncException>(() => Post(SyncPaths.Upload, taken.Sealed(), wire.ChangeBatch, wire.UploadResult))).Code);
        // By key, in key order from before the other store's rows, counted, and through a token of its own making, from the log's beginning or with another's.
        Assert.All((await Post(SyncPaths.Fetch, new FetchRequest("goods", ["b1", "b2"]), wire.FetchRequest, wire.RowsAnswer)).Rows, r => Assert.Null(r.Values));
        Assert.All((await Post(SyncPaths.Rows, new RowsRequest("goods", "a0"), wire.RowsRequest, wire.RowsAnswer)).Rows, r => Assert.StartsWith("a", r.Key, StringComparison.Ordinal));
        Assert.Equal(9, (await Post(SyncPaths.Count, new CountRequest("goods"), wire.CountRequest, wire.CountAnswer)).Rows);
        await remote.Chain.SettledAsync();
        var here = (await line.GetAsync(SyncPaths.Position, run, wire.PositionAnswer, CancellationToken.None)).Position;
        await remote.Chain.Database.ExecuteAsync("UPDATE goods SET name = 'secret again' WHERE id = 'b1'; UPDATE goods SET name = 'own again' WHERE id = 'a1'");
        await remote.Chain.SettledAsync();
        foreach (var from in new[] { default, here })
        {
            var page = await client.GetStringAsync($"{SyncPaths.Download}?token={SyncToken.Write(new Dictionary<string, LogPosition> { ["goods"] = from, ["orders"] = from })}&own=true");
            Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
            Assert.Equal(from == here, page.Contains("own again", StringComparison.Ordinal));
        }
        // What others did is not to be told by it either.
        using var audit = await client.PostAsJsonAsync(SyncPaths.Audit, new { actor = "ada", action = "conflict.resolve", table = "goods", key = "b1", detail = "{}" });
        Assert.Equal(HttpStatusCode.Forbidden, audit.StatusCode);
    }

    private static async Task<(Till Till, DeviceCredentials Device)> RegisterAsync(RemoteChain remote)
    {
        var (till, _) = await remote.TillAsync("T1", Stores.Of("S1"), Local);
        // Let in anew, with the right to decide.
        var code = await remote.Desk.CreateCodeAsync("T1", null, null, "ada", CancellationToken.None, mayResolve: true);
        var device = await new Registration(till.File.Path, remote.Way.Handler()).RegisterAsync(remote.Way.Host.Address, code, null, null, CancellationToken.None);
        var sync = new TerminalSync(till.File.Path, new HttpCentral(remote.Line(device)), new SyncOptions());
        return (till with { Sync = sync }, device);
    }

    // Neither looked at nor decided by the till, and no refusal says what it is about.
    private static async Task AssertHiddenAsync(HttpClient client, Conflict conflict, string shown)
    {
        Assert.DoesNotContain("secret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("S2", shown, StringComparison.Ordinal);
        foreach (var take in new[] { "central", "terminal" })
        {
            using var answer = await client.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.Id, expectedVersion = conflict.Version, take });
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, text);
            Assert.Contains("decided in the console", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        }
    }

    private static Task<ResolutionOutcome> ResolveAsync(RemoteChain remote, Conflict conflict, ConflictChoice choice) =>
        new ConflictResolver(remote.Chain.Source).ResolveAsync(conflict.Id, null, choice, "ada");
}
