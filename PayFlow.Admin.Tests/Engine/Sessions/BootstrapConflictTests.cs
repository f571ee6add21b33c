using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

public sealed class BootstrapConflictTests
{
    private const string Central = "CREATE TABLE customers (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, phone text NOT NULL, points int NOT NULL)";

    private const string Local = """
        CREATE TABLE customers (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT DEFAULT 'PENDING', phone TEXT NOT NULL, points INTEGER NOT NULL);
        INSERT INTO customers (phone, points) VALUES ('555', 0);
        """;

    [Fact]
    public async Task A_row_that_both_sides_have_does_not_come_down_a_second_time_while_it_waits_for_a_decision()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "customers", Conflicts = ConflictPolicy.Merge, Match = ["phone"] });
        await chain.Database.ExecuteAsync("INSERT INTO customers (id, phone, points) VALUES ('c1', '555', 120)");

        var till = await chain.TillAsync("T1", Local);
        var report = await till.SyncAsync();

        Assert.Equal(1, report.Conflicts);
        Assert.Equal([["c1", "CONFLICT", 0L]], till.File.Rows("SELECT server_id, sync_status, points FROM customers"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM customers"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_central_has_marked_as_deleted_is_none_that_a_till_has_already(bool hasLive)
    {
        const string Mark = "; ALTER TABLE customers ADD COLUMN deleted_at ";
        await using var chain = await SyncFixture.CreateAsync(Central + Mark + "timestamptz", new TableMapEntry { Name = "customers", Conflicts = ConflictPolicy.ServerWins, Match = ["phone"] });
        await chain.Database.ExecuteAsync($"INSERT INTO customers VALUES ('a-dead', '555', 1, '2025-01-01'), ('c-dead', '555', 1, '2025-01-01'){(hasLive ? ", ('b-live', '555', 120, NULL)" : string.Empty)}");

        var till = await chain.TillAsync("T1", Local + Mark + "TEXT");
        await till.SyncAsync();

        var live = hasLive ? ["b-live 120"] : new[] { "555" };
        Assert.Equal(live, await chain.TextsAsync($"SELECT {(hasLive ? "id || ' ' || points" : "phone")} FROM customers WHERE deleted_at IS NULL"));
        Assert.Equal(live, till.Texts($"SELECT {(hasLive ? "server_id || ' ' || points" : "phone")} FROM customers WHERE deleted_at IS NULL"));
    }
}
