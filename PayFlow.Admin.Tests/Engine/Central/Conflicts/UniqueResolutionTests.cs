using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Conflicts;

/// <summary>A till's new row has a value that another row of central has: the record as the merge writes it, decided.</summary>
public sealed class UniqueResolutionTests
{
    private const string Central = """
        CREATE TABLE products (id varchar(36) PRIMARY KEY, sku text UNIQUE, name text);
        CREATE TABLE members (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, email text UNIQUE, name text);
        CREATE TABLE visits (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, member_id varchar(36) NOT NULL REFERENCES members, day int);
        INSERT INTO products VALUES ('p1', 'S', 'There'); INSERT INTO members VALUES ('m1', 'a@b', 'There');
        """;

    private const string Local = """
        CREATE TABLE products (id TEXT PRIMARY KEY, sku TEXT UNIQUE, name TEXT);
        CREATE TABLE members (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, email TEXT UNIQUE, name TEXT);
        CREATE TABLE visits (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, member_id INTEGER NOT NULL REFERENCES members(local_id), day INTEGER);
        """;

    [Fact]
    public async Task Central_taken_for_a_row_with_the_tills_own_key_makes_it_centrals_row_and_its_children_follow()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO members (email, name) VALUES ('a@b', 'Here'); INSERT INTO visits (member_id, day) VALUES (1, 5)");
        var conflict = await CollideAsync(chain, till);
        Assert.Equal(("unique", "m1"), (conflict.Kind, conflict.OtherKey));

        await ResolveAsync(chain, conflict, ConflictChoice.Of(ConflictSide.Central));
        await till.SyncAsync();
        await till.SyncAsync();

        Assert.Equal(["m1 a@b There"], till.Texts("SELECT server_id || ' ' || email || ' ' || name FROM members"));
        Assert.Equal(["m1 5"], await chain.TextsAsync("SELECT member_id || ' ' || day FROM visits"));
        AssertQuiet(till);
    }

    [Fact]
    public async Task A_new_value_makes_the_tills_row_a_row_of_its_own()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO members (email, name) VALUES ('a@b', 'Here'); INSERT INTO visits (member_id, day) VALUES (1, 5)");
        var conflict = await CollideAsync(chain, till);

        var taken = await Assert.ThrowsAsync<SyncException>(() => ResolveAsync(chain, conflict, ConflictChoice.Of(ConflictSide.Terminal)));
        Assert.Contains("already used", taken.Message, StringComparison.Ordinal);
        await ResolveAsync(chain, conflict, new ConflictChoice { Fields = new Dictionary<string, FieldChoice> { ["email"] = FieldChoice.Of(CellValue.Of("c@d")) } });
        await till.SyncAsync();
        await till.SyncAsync();

        Assert.Equal(["a@b There", "c@d Here"], till.Texts("SELECT email || ' ' || name FROM members ORDER BY 1"));
        Assert.Equal(["a@b There", "c@d Here"], await chain.TextsAsync("SELECT email || ' ' || name FROM members ORDER BY 1"));
        Assert.Equal(["c@d 5"], await chain.TextsAsync("SELECT m.email || ' ' || v.day FROM visits v JOIN members m ON m.id = v.member_id"));
        AssertQuiet(till);
    }

    [Fact]
    public async Task Central_taken_for_a_row_with_a_shared_key_lets_the_tills_row_go()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO products VALUES ('p2', 'S', 'Here')");
        var conflict = await CollideAsync(chain, till);

        var outcome = await ResolveAsync(chain, conflict, ConflictChoice.Of(ConflictSide.Central));
        await till.SyncAsync();

        Assert.Contains("p2 goes from terminal T1", outcome.Note, StringComparison.Ordinal);
        Assert.Equal(["p1 S There"], till.Texts("SELECT id || ' ' || sku || ' ' || name FROM products"));
        Assert.Equal(["p1"], await chain.TextsAsync("SELECT id FROM products"));
        AssertQuiet(till);
    }

    [Fact]
    public async Task A_shared_key_takes_a_new_value_to_central()
    {
        await using var chain = await ChainAsync();
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO products VALUES ('p2', 'S', 'Here')");
        var conflict = await CollideAsync(chain, till);

        await ResolveAsync(chain, conflict, new ConflictChoice { Fields = new Dictionary<string, FieldChoice> { ["sku"] = FieldChoice.Of(CellValue.Of("S2")) } });
        await till.SyncAsync();

        Assert.Equal(["p1 S There", "p2 S2 Here"], till.Texts("SELECT id || ' ' || sku || ' ' || name FROM products ORDER BY 1"));
        Assert.Equal(["p1 S There", "p2 S2 Here"], await chain.TextsAsync("SELECT id || ' ' || sku || ' ' || name FROM products ORDER BY 1"));
        AssertQuiet(till);
    }

    private static Task<SyncFixture> ChainAsync() => SyncFixture.CreateAsync(Central,
        new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.Merge }, new TableMapEntry { Name = "members", Conflicts = ConflictPolicy.Merge }, new TableMapEntry { Name = "visits" });

    // The first refusal is no conflict yet: the value may be given up by the other row.
    private static async Task<Conflict> CollideAsync(SyncFixture chain, Till till)
    {
        await till.SyncAsync();
        await till.SyncAsync();
        return Assert.Single((await new ConflictDesk(chain.Source).ListAsync(new ConflictFilter())).Conflicts);
    }

    private static Task<ResolutionOutcome> ResolveAsync(SyncFixture chain, Conflict conflict, ConflictChoice choice) => new ConflictResolver(chain.Source).ResolveAsync(conflict.Id, conflict.Version, choice, "ada");

    private static void AssertQuiet(Till till)
    {
        Assert.Empty(till.Texts("SELECT id || ' ' || status || ' ' || coalesce(last_error, '') FROM sync_queue"));
        Assert.Empty(till.Texts("SELECT table_name || '/' || key || ' ' || reason FROM payflow_aside"));
    }
}
