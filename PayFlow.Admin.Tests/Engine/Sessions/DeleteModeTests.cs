using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>What a delete does to the other side, by the map; deletes against children; rows that are made again.</summary>
public sealed class DeleteModeTests
{
    private const string Central = """
        CREATE TABLE notes (id int PRIMARY KEY, body text, deleted_at timestamptz, gone boolean NOT NULL DEFAULT false);
        CREATE TABLE lines (id int PRIMARY KEY, note int REFERENCES notes);
        """;

    private const string Local = """
        CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, deleted_at TEXT, gone INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE lines (id INTEGER PRIMARY KEY, note INTEGER REFERENCES notes(id));
        """;

    [Theory]
    [InlineData(DeleteMode.Auto, null, "1 d,2 d,3,4", "2 d,3,4")]
    [InlineData(DeleteMode.Soft, null, "1 d,2 d,3,4", "2 d,3,4")]
    [InlineData(DeleteMode.Soft, "gone", "1 g,3,4", "2 g,3,4")]
    [InlineData(DeleteMode.Propagate, null, "3,4", "3,4")]
    [InlineData(DeleteMode.Ignore, null, "1,3,4", "2,3,4")]
    public async Task A_delete_does_to_the_other_side_what_the_map_says_and_stays_done(DeleteMode mode, string? column, string central, string local)
    {
        await using var chain = await StartAsync(new TableMapEntry { Name = "notes", Deletes = mode, SoftDelete = column });
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("DELETE FROM notes WHERE id = 1");
        await chain.Database.ExecuteAsync("DELETE FROM notes WHERE id = 2");
        Assert.True((await till.SyncAsync()).IsClean);
        if (mode is DeleteMode.Auto or DeleteMode.Soft && column is null)
            central = central.Replace(",2 d", string.Empty, StringComparison.Ordinal);
        const string digest = "SELECT id || CASE WHEN deleted_at IS NOT NULL THEN ' d' ELSE '' END || CASE WHEN {0} THEN ' g' ELSE '' END FROM notes ORDER BY id";
        Assert.Equal(central, string.Join(',', await chain.TextsAsync(digest.Replace("{0}", "gone", StringComparison.Ordinal))));
        Assert.Equal(local, string.Join(',', till.Texts(digest.Replace("{0}", "gone <> 0", StringComparison.Ordinal))));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task Where_deletes_are_ignored_a_row_comes_back_when_the_other_side_changes_it()
    {
        await using var chain = await StartAsync(new TableMapEntry { Name = "notes", Deletes = DeleteMode.Ignore, Conflicts = ConflictPolicy.Manual });
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("DELETE FROM notes WHERE id = 1");
        await chain.Database.ExecuteAsync("UPDATE notes SET body = 'meanwhile' WHERE id = 1; DELETE FROM notes WHERE id = 2");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE notes SET body = 'changed' WHERE id = 1");
        till.Execute("UPDATE notes SET body = 'changed' WHERE id = 2");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["1 changed", "2 changed"], till.Texts("SELECT id || ' ' || body FROM notes WHERE id < 3 ORDER BY id"));
        Assert.Equal(["1 changed", "2 changed"], await chain.TextsAsync("SELECT id || ' ' || body FROM notes WHERE id < 3 ORDER BY id"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Theory]
    [InlineData(DeleteMode.Propagate, "1,3,4")]
    [InlineData(DeleteMode.Soft, "1,2 d,3,4")]
    [InlineData(DeleteMode.Ignore, "1,2,3,4")]
    public async Task A_till_that_was_away_longer_than_the_log_compares_and_follows_the_mode(DeleteMode mode, string local)
    {
        await using var chain = await StartAsync(new TableMapEntry { Name = "notes", Deletes = mode });
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("""
            DELETE FROM notes WHERE id = 2; UPDATE notes SET body = 'later' WHERE id = 3;
            UPDATE payflow.central SET (pruned_generation, pruned_xid, pruned_id) = (SELECT generation, xid, id FROM payflow.change_log ORDER BY generation DESC, xid DESC, id DESC LIMIT 1);
            DELETE FROM payflow.change_log
            """);
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(local, string.Join(',', till.Texts("SELECT id || CASE WHEN deleted_at IS NOT NULL THEN ' d' ELSE '' END FROM notes ORDER BY id")));
        Assert.Equal("later", till.Scalar("SELECT body FROM notes WHERE id = 3"));
    }

    [Theory]
    [InlineData(DeleteMode.Auto)]
    [InlineData(DeleteMode.Soft)]
    [InlineData(DeleteMode.Propagate)]
    public async Task A_row_made_again_with_the_same_key_is_alive_on_both_sides(DeleteMode mode)
    {
        await using var chain = await StartAsync(new TableMapEntry { Name = "notes", Deletes = mode });
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("DELETE FROM notes WHERE id IN (1, 2); INSERT INTO notes (id, body) VALUES (1, 'again at once')");
        await chain.Database.ExecuteAsync("DELETE FROM notes WHERE id IN (3, 4); INSERT INTO notes (id, body) VALUES (3, 'again at once')");
        await till.SyncAsync();
        till.Execute("INSERT INTO notes (id, body) VALUES (2, 'again later')");
        await chain.Database.ExecuteAsync("INSERT INTO notes (id, body) VALUES (4, 'again later')");
        await till.SyncAsync();
        string[] alive = ["1 again at once", "2 again later", "3 again at once", "4 again later"];
        Assert.Equal(alive, await chain.TextsAsync("SELECT id || ' ' || body FROM notes WHERE deleted_at IS NULL ORDER BY id"));
        Assert.Equal(alive, till.Texts("SELECT id || ' ' || body FROM notes WHERE deleted_at IS NULL ORDER BY id"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task Taking_the_mark_away_brings_a_row_back_on_both_sides()
    {
        await using var chain = await StartAsync(new TableMapEntry { Name = "notes", Conflicts = ConflictPolicy.Manual });
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        till.Execute("DELETE FROM notes WHERE id = 1; UPDATE notes SET deleted_at = '2024-01-01T00:00:00Z' WHERE id = 2");
        await chain.Database.ExecuteAsync("DELETE FROM notes WHERE id = 3");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("UPDATE notes SET deleted_at = NULL WHERE id = 1");
        till.Execute("UPDATE notes SET deleted_at = NULL WHERE id IN (2, 3)");
        Assert.True((await till.SyncAsync()).IsClean);
        Assert.Equal(["1", "2", "3", "4"], await chain.TextsAsync("SELECT id::text FROM notes WHERE deleted_at IS NULL ORDER BY id"));
        Assert.Equal(["1", "2", "3", "4"], till.Texts("SELECT id FROM notes WHERE deleted_at IS NULL ORDER BY id"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task A_mark_that_only_one_side_has_goes_when_the_row_is_made_again()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id int PRIMARY KEY, body text, removed timestamptz)", new TableMapEntry { Name = "notes", Direction = SyncDirection.Pull, Deletes = DeleteMode.Soft, SoftDelete = "removed" });
        var till = await chain.TillAsync("T1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)");
        till.Execute("INSERT INTO notes VALUES (1, 'a')");
        await till.SyncAsync();
        till.Execute("DELETE FROM notes");
        await till.SyncAsync();
        Assert.Equal(1L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM notes WHERE removed IS NOT NULL"));
        till.Execute("INSERT INTO notes VALUES (1, 'a')");
        await till.SyncAsync();
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Fact]
    public async Task A_parent_deleted_while_the_other_side_has_children_names_them_waits_and_goes_when_they_have_gone()
    {
        await using var chain = await StartAsync(new TableMapEntry { Name = "notes", Deletes = DeleteMode.Propagate }, new TableMapEntry { Name = "lines", Direction = SyncDirection.Pull });
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO lines VALUES (10, 1)");
        till.Execute("DELETE FROM notes WHERE id = 1; UPDATE notes SET body = 'x' WHERE id = 4; INSERT INTO lines VALUES (20, 3)");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("DELETE FROM lines WHERE note = 3; DELETE FROM notes WHERE id = 3; UPDATE notes SET body = 'y' WHERE id = 2");
        await till.SyncAsync();

        Assert.Equal(["FAILED notes: lines in central still has rows that refer to it (lines_note_fkey)"], till.Texts("SELECT status || ' ' || last_error FROM sync_queue"));
        Assert.Equal(["notes: deleted in central, but lines of this terminal still has rows that refer to it"], till.Texts("SELECT reason FROM payflow_aside"));
        Assert.Equal("x", await chain.Database.ScalarAsync<string>("SELECT body FROM notes WHERE id = 4"));
        Assert.Equal("y", till.Scalar("SELECT body FROM notes WHERE id = 2"));

        await chain.Database.ExecuteAsync("DELETE FROM lines");
        till.Execute("DELETE FROM lines; UPDATE sync_queue SET next_attempt_at = '2000-01-01'");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal(["2", "4"], await chain.TextsAsync("SELECT id::text FROM notes ORDER BY id"));
        Assert.Equal(["2", "4"], till.Texts("SELECT id FROM notes ORDER BY id"));
        Assert.Empty(till.Texts("SELECT key FROM payflow_aside"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    [Theory]
    [InlineData("id", "it is part of the key", DeleteMode.Soft)]
    [InlineData("amount", "it is of type numeric", DeleteMode.Soft)]
    [InlineData("removed", "has no such column", DeleteMode.Soft)]
    [InlineData("deleted_at", "makes no use of", DeleteMode.Propagate)]
    public async Task A_soft_delete_that_cannot_be_done_is_refused_with_table_column_and_reason(string column, string words, DeleteMode mode)
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE notes (id int PRIMARY KEY, amount numeric, deleted_at timestamptz)", new TableMapEntry { Name = "notes", Deletes = mode, SoftDelete = column });
        var refusal = await Assert.ThrowsAsync<SyncException>(() => chain.TillAsync("T1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, amount TEXT, deleted_at TEXT)"));
        Assert.Contains($"notes.{column}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<SyncFixture> StartAsync(params TableMapEntry[] map)
    {
        var chain = await SyncFixture.CreateAsync(Central, map);
        await chain.Database.ExecuteAsync("INSERT INTO notes (id, body) SELECT i, 'n' || i FROM generate_series(1, 4) i");
        return chain;
    }
}
