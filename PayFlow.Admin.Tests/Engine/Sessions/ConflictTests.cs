using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Both sides change the same row.</summary>
public sealed class ConflictTests
{
    private const string Central = "CREATE TABLE goods (id int PRIMARY KEY, name text, price int, updated_at timestamptz);";

    private const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, price INTEGER, updated_at TEXT)";

    [Theory]
    [InlineData(ConflictPolicy.ServerWins, "central", "SYNCED")]
    [InlineData(ConflictPolicy.LocalWins, "till", "SYNCED")]
    [InlineData(ConflictPolicy.Merge, null, "CONFLICT")]
    [InlineData(ConflictPolicy.Manual, null, "CONFLICT")]
    public async Task The_same_field_changed_on_both_sides_goes_by_the_policy_and_is_recorded(ConflictPolicy policy, string? winner, string status)
    {
        await using var chain = await StartAsync(policy);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("UPDATE goods SET name = 'till' WHERE id = 1; UPDATE goods SET name = 'other row' WHERE id = 2");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'central' WHERE id = 1");
        var report = await till.SyncAsync();

        Assert.Equal(winner ?? "central", await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 1"));
        Assert.Equal(winner ?? "till", till.Scalar("SELECT name FROM goods WHERE id = 1"));
        Assert.Equal("other row", await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 2"));
        Assert.Equal([$"1 update-update {(winner is null ? "OPEN" : "RESOLVED")} name old till central"], await chain.TextsAsync("""
            SELECT concat_ws(' ', key, kind, state, array_to_string(fields, ','), substr(base ->> 'name', 2), substr(terminal ->> 'name', 2), substr(central ->> 'name', 2)) FROM payflow.conflicts
            """));
        Assert.Equal(winner is null ? RunStatus.Conflict : RunStatus.Synced, report.Status);
        Assert.Equal(status == "CONFLICT" ? ["1 CONFLICT"] : [], till.Texts("SELECT entity_id || ' ' || status FROM sync_queue"));

        // It blocks nothing, and a second run neither moves nor records anything more.
        await chain.Database.ExecuteAsync("UPDATE goods SET price = 77 WHERE id IN (1, 3)");
        await till.SyncAsync();
        Assert.Equal(77L, till.Scalar("SELECT price FROM goods WHERE id = 3"));
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Theory]
    [InlineData("2030-01-01T00:00:00Z", "till")]
    [InlineData("2001-01-01T00:00:00Z", "central")]
    public async Task The_last_writer_wins_by_the_timestamp(string stamp, string winner)
    {
        await using var chain = await StartAsync(ConflictPolicy.LastWriterWins);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute($"UPDATE goods SET name = 'till', updated_at = '{stamp}' WHERE id = 1");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'central', updated_at = '2020-01-01Z' WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal(winner, await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 1"));
        Assert.Equal(winner, till.Scalar("SELECT name FROM goods WHERE id = 1"));
        Assert.Equal(["RESOLVED"], await chain.TextsAsync("SELECT state FROM payflow.conflicts"));
    }

    [Fact]
    public async Task Different_fields_are_merged_and_reach_both_sides()
    {
        await using var chain = await StartAsync(ConflictPolicy.Merge);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("UPDATE goods SET name = 'till' WHERE id = 1");
        await chain.Database.ExecuteAsync("UPDATE goods SET price = 99 WHERE id = 1");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal("till 99", await chain.Database.ScalarAsync<string>("SELECT name || ' ' || price FROM goods WHERE id = 1"));
        Assert.Equal("till 99", till.Scalar("SELECT name || ' ' || price FROM goods WHERE id = 1"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Theory]
    [InlineData(ConflictPolicy.ServerWins)]
    [InlineData(ConflictPolicy.LocalWins)]
    [InlineData(ConflictPolicy.LastWriterWins)]
    [InlineData(ConflictPolicy.Merge)]
    [InlineData(ConflictPolicy.Manual)]
    public async Task Delete_against_update_is_decided_and_recorded_in_both_roles(ConflictPolicy policy)
    {
        await using var chain = await StartAsync(policy);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("DELETE FROM goods WHERE id = 1; UPDATE goods SET name = 'till' WHERE id = 2; DELETE FROM goods WHERE id = 3");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'central' WHERE id = 1; DELETE FROM goods WHERE id = 2; DELETE FROM goods WHERE id = 3");
        await till.SyncAsync();
        await till.SyncAsync();

        var central = await chain.TextsAsync("SELECT id || name FROM goods WHERE id < 4 ORDER BY id");
        var local = till.Texts("SELECT id || name FROM goods WHERE id < 4 ORDER BY id");
        var open = policy is ConflictPolicy.Merge or ConflictPolicy.Manual;
        Assert.Equal(policy == ConflictPolicy.LocalWins ? ["2till"] : ["1central"], central);
        Assert.Equal(policy == ConflictPolicy.LocalWins || open ? ["2till"] : ["1central"], local);
        Assert.Equal([$"1 delete-update {(open ? "OPEN" : "RESOLVED")}", $"2 update-delete {(open ? "OPEN" : "RESOLVED")}"], await chain.TextsAsync("SELECT concat_ws(' ', key, kind, state) FROM payflow.conflicts ORDER BY key"));
        Assert.Equal(open ? ["1 CONFLICT", "2 CONFLICT"] : [], till.Texts("SELECT entity_id || ' ' || status FROM sync_queue ORDER BY 1"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task Two_tills_edit_one_row_and_both_end_with_what_central_decided()
    {
        await using var chain = await StartAsync(ConflictPolicy.ServerWins);
        var (one, two) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        await one.SyncAsync();
        await two.SyncAsync();
        one.Execute("UPDATE goods SET name = 'one' WHERE id = 1");
        two.Execute("UPDATE goods SET name = 'two' WHERE id = 1; INSERT INTO goods VALUES (50, 'two', 1, NULL)");
        one.Execute("INSERT INTO goods VALUES (50, 'one', 1, NULL)");
        foreach (var till in new[] { one, two, one, two })
            await till.SyncAsync();
        Assert.Equal(["one", "one"], await chain.TextsAsync("SELECT name FROM goods WHERE id IN (1, 50)"));
        Assert.Equal(one.File.Rows("SELECT * FROM goods ORDER BY id"), two.File.Rows("SELECT * FROM goods ORDER BY id"));
        Assert.Equal(["insert-insert T2", "update-update T2"], await chain.TextsAsync("SELECT kind || ' ' || terminal_id FROM payflow.conflicts ORDER BY 1"));
    }

    [Fact]
    public async Task The_same_change_on_both_sides_is_no_conflict()
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("UPDATE goods SET name = 'same' WHERE id = 1; INSERT INTO goods VALUES (60, 'same', 1, NULL)");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'same' WHERE id = 1; INSERT INTO goods VALUES (60, 'same', 1, NULL)");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    private static async Task<SyncFixture> StartAsync(ConflictPolicy policy)
    {
        var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", Conflicts = policy });
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT i, 'old', i, '2010-01-01Z' FROM generate_series(1, 9) i");
        return chain;
    }
}
