using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Conflicts over rows that one side deleted, from the conflict to equal databases.</summary>
public sealed class DeletedRowResolutionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_central_deleted_comes_back_with_what_adds_up(bool beforeTheConflict)
    {
        await using var dispute = await Dispute.CreateAsync(ConflictPolicy.Manual);
        await new TableMapStore(dispute.Chain.Source).SaveAsync(new TableMap([new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.Merge, Additive = ["stock"] }]), null, CancellationToken.None);
        dispute.One.Execute("UPDATE products SET name = 'Green tea', stock = 7 WHERE id = 'p1'");
        await dispute.Chain.Database.ExecuteAsync(beforeTheConflict ? "DELETE FROM products WHERE id = 'p1'" : "UPDATE products SET name = 'Black tea' WHERE id = 'p1'");
        await dispute.One.SyncAsync();
        if (!beforeTheConflict)
        {
            await dispute.Chain.Database.ExecuteAsync("DELETE FROM products WHERE id = 'p1'");
            var moved = await dispute.OpenAsync();
            await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(moved, ConflictSide.Terminal));
            var unknown = await dispute.OpenAsync();
            var e = await Assert.ThrowsAsync<SyncException>(() => dispute.TakeAsync(unknown, ConflictSide.Terminal));
            Assert.Contains("stock", e.Message, StringComparison.Ordinal);
            await dispute.Resolver.ResolveAsync(unknown.Id, unknown.Version, ConflictChoice.Of(ConflictSide.Terminal) with { Fields = new Dictionary<string, FieldChoice> { ["stock"] = Dispute.Value("7") } }, "ada");
        }
        else
        {
            await dispute.TakeAsync(await dispute.OpenAsync(), ConflictSide.Terminal);
        }

        await dispute.One.SyncAsync();
        Assert.Equal("Green tea 7", await dispute.Chain.Database.ScalarAsync<string>("SELECT name || ' ' || stock FROM products WHERE id = 'p1'"));
        Assert.Equal("Green tea 7", dispute.One.Scalar("SELECT name || ' ' || stock FROM products WHERE id = 'p1'"));
    }

    [Theory]
    [InlineData(ConflictSide.Keep, "3")]
    [InlineData(ConflictSide.Delete, null)]
    public async Task A_row_that_the_till_deleted_and_central_changed_is_kept_or_goes(ConflictSide side, string? phone)
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"DELETE FROM customers WHERE id = '{Dispute.Ann}'");
        await dispute.Chain.Database.ExecuteAsync($"UPDATE customers SET phone = '3' WHERE id = '{Dispute.Ann}'");
        await dispute.One.SyncAsync();
        var conflict = await dispute.OpenAsync();
        Assert.Equal("delete-update", conflict.Kind);

        await dispute.TakeAsync(conflict, side);

        await dispute.SettleAsync();
        Assert.Equal(phone, await dispute.PhoneAsync());
        Assert.Equal(phone, dispute.One.Scalar($"SELECT phone FROM customers WHERE id = '{Dispute.Ann}'"));
    }

    [Theory]
    [InlineData(ConflictSide.Keep, "2")]
    [InlineData(ConflictSide.Delete, null)]
    public async Task A_row_that_central_deleted_and_the_till_changed_is_kept_or_goes(ConflictSide side, string? phone)
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute($"UPDATE customers SET phone = '2' WHERE id = '{Dispute.Ann}'");
        await dispute.Chain.Database.ExecuteAsync($"DELETE FROM customers WHERE id = '{Dispute.Ann}'");
        await dispute.One.SyncAsync();
        var conflict = await dispute.OpenAsync();
        Assert.Equal("update-delete", conflict.Kind);

        await dispute.TakeAsync(conflict, side);

        await dispute.SettleAsync();
        Assert.Equal(phone, await dispute.PhoneAsync());
    }

    [Theory]
    [InlineData(ConflictSide.Keep)]
    [InlineData(ConflictSide.Delete)]
    public async Task A_deleted_row_of_a_table_with_the_tills_own_keys_comes_back_once_or_goes_everywhere(ConflictSide side)
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("INSERT INTO orders (number, total, status) VALUES ('A1', 1, 'open')");
        await dispute.SettleAsync();
        dispute.One.Execute("DELETE FROM orders");
        await dispute.Chain.Database.ExecuteAsync("UPDATE orders SET status = 'void'");
        await dispute.One.SyncAsync();

        await dispute.TakeAsync(await dispute.OpenAsync(), side);

        await dispute.SettleAsync();
        dispute.One.Execute("UPDATE orders SET total = 5");
        await dispute.SettleAsync();
        Assert.Equal(side == ConflictSide.Keep ? ["A1 5 void"] : [], await dispute.Chain.TextsAsync("SELECT number || ' ' || total || ' ' || status FROM orders"));
    }
}
