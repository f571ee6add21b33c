using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>A row changes again while its conflict is open.</summary>
public sealed class JoinedConflictTests
{
    private const string Central = "CREATE TABLE goods (id int PRIMARY KEY, name text, price int, note text, updated_at timestamptz);";

    private const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, price INTEGER, note TEXT, updated_at TEXT)";

    private const string State = "SELECT concat_ws(' ', state, version, array_to_string(fields, ','), substr(terminal ->> 'name', 2), substr(central ->> 'name', 2), resolution, resolved_by) FROM payflow.conflicts ORDER BY id";

    [Theory]
    [InlineData(ConflictPolicy.ServerWins, "central 5 till", 0)]
    [InlineData(ConflictPolicy.LocalWins, "till 5 till", 0)]
    [InlineData(ConflictPolicy.LastWriterWins, "till 5 till", 0)]
    [InlineData(ConflictPolicy.Manual, "central 5 till", 1)]
    public async Task Merge_takes_undisputed_fields_from_whoever_changed_them_and_disputed_ones_by_the_fallback(ConflictPolicy fallback, string central, int open)
    {
        await using var chain = await StartAsync(fallback);
        var till = await ConflictingTillAsync(chain, also: ", note = 'till', updated_at = '2030-01-01T00:00:00Z'");
        Assert.Equal([central], await chain.TextsAsync("SELECT name || ' ' || price || ' ' || note FROM goods WHERE id = 1"));
        Assert.Equal([(open == 1 ? "till" : central.Split(' ')[0]) + " 5 till"], till.Texts("SELECT name || ' ' || price || ' ' || note FROM goods WHERE id = 1"));
        Assert.Equal(["name"], await chain.TextsAsync("SELECT array_to_string(fields, ',') FROM payflow.conflicts"));
        Assert.Equal((long)open, till.Scalar("SELECT count(*) FROM sync_queue"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task A_newer_change_joins_the_conflict_and_what_is_not_in_dispute_is_merged()
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await ConflictingTillAsync(chain);
        Assert.Equal(["OPEN 1 name till central"], await chain.TextsAsync(State));
        till.Execute("UPDATE goods SET note = 'later' WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal("later", await chain.Database.ScalarAsync<string>("SELECT note FROM goods WHERE id = 1"));
        Assert.Equal(["OPEN 2 name till central"], await chain.TextsAsync(State));
        till.Execute("UPDATE goods SET name = 'till again' WHERE id = 1");
        Assert.Equal(["CONFLICT"], till.Texts("SELECT status FROM sync_queue"));
        await till.SyncAsync();
        Assert.Equal(["OPEN 3 name till again central"], await chain.TextsAsync(State));
        Assert.Equal(["CONFLICT"], till.Texts("SELECT status FROM sync_queue WHERE next_attempt_at IS NULL"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Theory]
    [InlineData("UPDATE goods SET name = 'old' WHERE id = 1", "central")]
    [InlineData("UPDATE goods SET name = 'central' WHERE id = 1", "central")]
    [InlineData("UPDATE goods SET name = 'till 2' WHERE id = 1; UPDATE goods SET name = 'old', price = 6 WHERE id = 1", "central")]
    public async Task A_row_that_no_longer_conflicts_closes_its_conflict_by_itself(string change, string name)
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await ConflictingTillAsync(chain);
        till.Execute(change);
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["RESOLVED withdrawn terminal"], await chain.TextsAsync("SELECT concat_ws(' ', state, resolution, resolved_by) FROM payflow.conflicts"));
        Assert.Equal(name, await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 1"));
        Assert.Equal(await chain.TextsAsync("SELECT name || price FROM goods WHERE id = 1"), till.Texts("SELECT name || price FROM goods WHERE id = 1"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task Deleting_the_row_turns_the_conflict_into_one_about_the_delete()
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await ConflictingTillAsync(chain);
        till.Execute("DELETE FROM goods WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal(["delete-update OPEN 2"], await chain.TextsAsync("SELECT concat_ws(' ', kind, state, version) FROM payflow.conflicts"));
        till.Execute("INSERT INTO goods VALUES (1, 'central', 5, NULL, NULL)");
        await till.SyncAsync();
        Assert.Equal(["RESOLVED withdrawn"], await chain.TextsAsync("SELECT concat_ws(' ', state, resolution) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task Giving_up_a_row_that_both_sides_made_brings_centrals_down()
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("INSERT INTO goods VALUES (50, 'till', 1, NULL, NULL)");
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (50, 'central', 1, NULL, NULL)");
        await till.SyncAsync();
        Assert.Equal(["insert-insert OPEN"], await chain.TextsAsync("SELECT kind || ' ' || state FROM payflow.conflicts"));
        till.Execute("DELETE FROM goods WHERE id = 50");
        await till.SyncAsync();
        Assert.Equal("central", till.Scalar("SELECT name FROM goods WHERE id = 50"));
        Assert.Equal(["insert-insert RESOLVED"], await chain.TextsAsync("SELECT kind || ' ' || state FROM payflow.conflicts"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Theory]
    [InlineData("batch-claimed")]
    [InlineData("batch-applied")]
    [InlineData("batch-acknowledged")]
    public async Task A_joining_change_whose_run_is_killed_is_neither_lost_nor_forgotten_as_a_conflict(string step)
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await ConflictingTillAsync(chain);
        till.Execute("UPDATE goods SET name = 'second' WHERE id = 1");
        till = await chain.KillAtAsync(till, step, first: () => till.Execute("UPDATE goods SET name = 'third', note = 'x' WHERE id = 1"));
        Assert.Equal(["CONFLICT"], till.Texts("SELECT status FROM sync_queue"));
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal("OPEN third central", await chain.Database.ScalarAsync<string>("SELECT concat_ws(' ', state, substr(terminal ->> 'name', 2), substr(central ->> 'name', 2)) FROM payflow.conflicts"));
        Assert.Equal("x", await chain.Database.ScalarAsync<string>("SELECT note FROM goods WHERE id = 1"));
        Assert.Equal(["CONFLICT"], till.Texts("SELECT status FROM sync_queue WHERE next_attempt_at IS NULL AND batch_id IS NULL"));
    }

    [Fact]
    public async Task A_till_with_older_triggers_gets_new_ones_and_joins_too()
    {
        await using var chain = await StartAsync(ConflictPolicy.Manual);
        var till = await ConflictingTillAsync(chain);
        var trigger = (string)till.Scalar("SELECT sql FROM sqlite_schema WHERE name = 'payflow_goods_update'")!;
        till.Execute($"DROP TRIGGER payflow_goods_update; {trigger.Replace("next_attempt_at = CASE status WHEN 'CONFLICT' THEN '1970-01-01T00:00:00.000Z' END", "next_attempt_at = NULL", StringComparison.Ordinal)}");
        till = await chain.ReopenAsync(till);
        await till.SyncAsync();
        Assert.Equal(trigger, till.Scalar("SELECT sql FROM sqlite_schema WHERE name = 'payflow_goods_update'"));
        till.Execute("UPDATE goods SET name = 'again' WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal(["OPEN 2 name again central"], await chain.TextsAsync(State));
    }

    // Price is central's alone; name is both sides'.
    private static async Task<Till> ConflictingTillAsync(SyncFixture chain, string also = "")
    {
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute($"UPDATE goods SET name = 'till'{also} WHERE id = 1");
        await chain.Database.ExecuteAsync("UPDATE goods SET name = 'central', price = 5, updated_at = '2020-01-01Z' WHERE id = 1");
        await till.SyncAsync();
        return till;
    }

    private static async Task<SyncFixture> StartAsync(ConflictPolicy fallback)
    {
        var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", Conflicts = ConflictPolicy.Merge, Fallback = fallback });
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT i, 'old', i, NULL, '2010-01-01Z' FROM generate_series(1, 3) i");
        return chain;
    }
}
