using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Rows of a till whose key central's type cannot hold, when the till asks which of its rows are gone.</summary>
public sealed class UnfitKeyTests
{
    [Theory]
    [InlineData("TRUNCATE orders CASCADE")]
    [InlineData("""
        DELETE FROM orders;
        UPDATE payflow.central SET (pruned_generation, pruned_xid, pruned_id) = (SELECT generation, xid, id FROM payflow.change_log ORDER BY generation DESC, xid DESC, id DESC LIMIT 1);
        DELETE FROM payflow.change_log;
        """)]
    public async Task A_row_whose_key_central_s_type_cannot_hold_does_not_keep_the_others_from_being_compared(string loss)
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE orders (id uuid PRIMARY KEY, number text)", new TableMapEntry { Name = "orders", Direction = SyncDirection.Push });
        var till = await chain.TillAsync("T1", "CREATE TABLE orders (id TEXT PRIMARY KEY, number TEXT)");
        await chain.Database.ExecuteAsync("INSERT INTO orders SELECT gen_random_uuid(), i::text FROM generate_series(1, 7) i");
        await till.SyncAsync();
        till.Execute("INSERT INTO orders VALUES ('by hand', '8')");
        await chain.Database.ExecuteAsync($"{loss}; INSERT INTO orders SELECT gen_random_uuid(), '9'");

        await till.SyncAsync();

        Assert.Equal(["9"], till.Texts("SELECT number FROM orders"));
    }
}
