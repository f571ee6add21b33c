using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Two tills and a central in which one customer's phone, and one order's status, can be changed on both sides.</summary>
internal sealed class Dispute : IAsyncDisposable
{
    public const string Ann = "11111111-1111-1111-1111-111111111111";
    public const string Bob = "22222222-2222-2222-2222-222222222222";

    private Dispute(SyncFixture chain) => Chain = chain;

    public SyncFixture Chain { get; }

    public required Till One { get; set; }

    public required Till Two { get; set; }

    public static async Task<Dispute> CreateAsync(ConflictPolicy policy = ConflictPolicy.Merge)
    {
        var chain = await SyncFixture.CreateAsync(Shop.Central,
            new TableMapEntry { Name = "products", Conflicts = policy },
            new TableMapEntry { Name = "customers", Conflicts = policy },
            new TableMapEntry { Name = "orders", Conflicts = policy },
            new TableMapEntry { Name = "order_items", Conflicts = policy });
        await chain.Database.ExecuteAsync($"INSERT INTO customers VALUES ('{Ann}', 'Ann', '1'), ('{Bob}', 'Bob', '1'); INSERT INTO products VALUES ('p1', 'sku1', 'Tea', 1.5, 10)");
        var dispute = new Dispute(chain) { One = await chain.TillAsync("T1", Shop.Local), Two = await chain.TillAsync("T2", Shop.Local) };
        await dispute.One.SyncAsync();
        await dispute.Two.SyncAsync();
        return dispute;
    }

    public ConflictDesk Desk => new(Chain.Source);

    public ConflictResolver Resolver => new(Chain.Source);

    /// <summary>Both sides change Ann's phone: till one to 2, central to 3.</summary>
    public async Task<Conflict> OverAnnAsync(string at = "2", string there = "3")
    {
        One.Execute($"UPDATE customers SET phone = '{at}' WHERE id = '{Ann}'");
        await Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '{there}' WHERE id = '{Ann}'");
        await One.SyncAsync();
        return await OpenAsync();
    }

    /// <summary>The one open conflict.</summary>
    public async Task<Conflict> OpenAsync() => Assert.Single((await Desk.ListAsync(new ConflictFilter())).Conflicts);

    public async Task AssertNoneAsync() => Assert.Empty((await Desk.ListAsync(new ConflictFilter())).Conflicts);

    public Task<ResolutionOutcome> TakeAsync(Conflict conflict, ConflictSide side) => Resolver.ResolveAsync(conflict.Id, conflict.Version, ConflictChoice.Of(side), "ada");

    public Task<ResolutionOutcome> SetAsync(Conflict conflict, params (string Field, FieldChoice Choice)[] fields) =>
        Resolver.ResolveAsync(conflict.Id, conflict.Version, new ConflictChoice { Fields = fields.ToDictionary(f => f.Field, f => f.Choice) }, "ada", "because");

    public static FieldChoice Value(string text) => FieldChoice.Of(CellValue.Of(text));

    /// <summary>A copy of till one's file as it is now.</summary>
    public async Task<string> BackUpAsync()
    {
        One = await Chain.ReopenAsync(One);
        One.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var backup = One.File.Path + ".backup";
        File.Copy(One.File.Path, backup, overwrite: true);
        return backup;
    }

    /// <summary>Puts that copy back in its place.</summary>
    public async Task RestoreAsync(string backup)
    {
        await One.Sync.DisposeAsync();
        File.Copy(backup, One.File.Path, overwrite: true);
        One = Chain.Open(One.Id, One.File);
    }

    /// <summary>Until nothing moves any more all are equal and nothing waits.</summary>
    public async Task SettleAsync()
    {
        await One.SyncAsync();
        await Two.SyncAsync();
        await One.SyncAsync();
        await Shop.AssertConvergedAsync(Chain, One, Two);
        await AssertNoneAsync();
    }

    public Task<string?> PhoneAsync(string customer = Ann) => Chain.Database.ScalarAsync<string>($"SELECT phone FROM customers WHERE id = '{customer}'");

    public ValueTask DisposeAsync() => Chain.DisposeAsync();
}
