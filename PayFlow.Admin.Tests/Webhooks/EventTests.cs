using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Webhooks;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>What happens to make each kind of event, with a real till and a real receiver.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Conflicts_dead_letters_and_changed_rows_are_told_each_once_with_what_they_concern()
    {
        await using var shop = await WebhookCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        await till.SyncAsync();
        await shop.HookAsync(WebhookEvent.ConflictOpened, WebhookEvent.ConflictResolved, WebhookEvent.DeadLetter, WebhookEvent.RowsChanged);

        // A row that both sides change, one that central does not take, one that it does.
        till = await shop.Chain.ReopenAsync(till, new SyncOptions { Retry = new RetryDelay { Attempts = 1 } });
        till.Execute("UPDATE goods SET name = 'till' WHERE id = 1; INSERT INTO goods VALUES (8, 'dear', 5000), (9, 'cheap', 5)");
        await shop.Database.ExecuteAsync("UPDATE goods SET name = 'central' WHERE id = 1");
        await till.SyncAsync();
        await till.SyncAsync();
        var id = await shop.Database.ScalarAsync<long>("SELECT id FROM payflow.conflicts");
        await new ConflictResolver(shop.Chain.Source).ResolveAsync(id, null, ConflictChoice.Of(ConflictSide.Terminal), "ann", "because");
        await UntilTypesAsync(shop, "conflict.opened", "conflict.resolved", "row.dead_letter", "rows.changed");
        await Until.TrueAsync(() => Task.FromResult(Changed(shop).IsSupersetOf(["1 ", "9 T1"])));

        var opened = Only(shop, "conflict.opened");
        Assert.Equal(("T1", "goods", id, "update-update", "1"), (Text(opened, "terminal"), Text(opened, "table"), opened.Data.GetProperty("conflict").GetInt64(), opened.Data.GetProperty("kind").GetString(), opened.Data.GetProperty("key").GetString()));
        Assert.Equal("name", opened.Data.GetProperty("fields")[0].GetString());
        var resolved = Only(shop, "conflict.resolved");
        Assert.Equal((id, "ann", "because"), (resolved.Data.GetProperty("conflict").GetInt64(), resolved.Data.GetProperty("resolvedBy").GetString(), resolved.Data.GetProperty("reason").GetString()));
        var dead = Only(shop, "row.dead_letter");
        Assert.Equal(("T1", "goods", "8", 1), (Text(dead, "terminal"), Text(dead, "table"), dead.Data.GetProperty("localKey").GetString(), dead.Data.GetProperty("deadLetters").GetInt32()));
        Assert.Contains("goods_price_check", dead.Data.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(shop.Receiver.Calls, Documentation.AssertShows);
        Assert.All(shop.Receiver.Calls.Where(c => c.Type == "rows.changed"), c => Assert.True(c.Data.GetProperty("isComplete").GetBoolean()));
    }

    [Fact]
    public async Task A_run_that_cannot_be_done_is_told_as_failed_and_the_filter_keeps_other_terminals_away()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.Desk.CreateAsync(new WebhookDraft { Name = "one till", Url = shop.Receiver.Url, Events = [WebhookEvent.RunFailed, WebhookEvent.RunFinished], Terminals = ["T2"] }, "ann");
        await shop.Database.ExecuteAsync("""
            INSERT INTO payflow.sync_log (id, terminal_id, sync_type, direction, status, error_message, hint) VALUES
              (gen_random_uuid(), 'T1', 'manual', 'both', 'RUNNING', NULL, NULL), (gen_random_uuid(), 'T2', 'manual', 'both', 'RUNNING', NULL, NULL);
            UPDATE payflow.sync_log SET status = 'FAILED', completed_at = now(), error_message = 'no file', hint = 'look for it';
            """);
        var call = Assert.Single(await shop.CallsAsync(1));
        Assert.Equal(("run.failed", "T2", "no file", "look for it"), (call.Type, Text(call, "terminal"), call.Data.GetProperty("error").GetString(), call.Data.GetProperty("hint").GetString()));

        // What was taken for lost and ends after all is another fact; what is written again is none.
        await shop.Database.ExecuteAsync("UPDATE payflow.sync_log SET status = 'FAILED'; UPDATE payflow.sync_log SET status = 'SYNCED', error_message = NULL");
        var calls = await shop.CallsAsync(2);
        Assert.Equal(["run.failed", "run.finished"], calls.Select(c => c.Type));
        Assert.NotEqual(calls[0].Id, calls[1].Id);
        Assert.All(calls, Documentation.AssertShows);
        Assert.Equal(2L, await shop.Database.ScalarAsync<long>("SELECT count(*) FROM console.webhook_deliveries"));
    }

    [Fact]
    public async Task A_transaction_that_is_taken_back_tells_nothing_and_one_that_commits_late_is_not_missed()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.TillAsync("T1");
        await shop.HookAsync(WebhookEvent.RowsChanged);
        await using var late = await shop.Chain.Source.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await using (var update = new Npgsql.NpgsqlCommand("UPDATE goods SET price = 11 WHERE id = 1", late))
            await update.ExecuteNonQueryAsync();
        await shop.Database.ExecuteAsync("UPDATE goods SET price = 12 WHERE id = 2");
        await using (var gone = await shop.Chain.Source.OpenConnectionAsync())
        await using (var back = await gone.BeginTransactionAsync())
        {
            await using (var update = new Npgsql.NpgsqlCommand("UPDATE goods SET price = 13 WHERE id = 3", gone))
                await update.ExecuteNonQueryAsync();
            await back.RollbackAsync();
        }
        // The log may not be pruned behind what has not been told yet, although every terminal has read it.
        await shop.Database.ExecuteAsync("UPDATE payflow.terminals SET state = 'detached'");
        await transaction.CommitAsync();
        await Until.TrueAsync(() => Task.FromResult(Keys(shop).IsSupersetOf(["1", "2"])));
        Assert.DoesNotContain("3", Keys(shop));
    }

    [Fact]
    public async Task The_log_waits_for_who_tells_of_it_and_a_hole_is_told_as_one()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.TillAsync("T1");
        await shop.Host.Host.StopAsync();
        await shop.HookAsync(WebhookEvent.RowsChanged);
        await shop.Database.ExecuteAsync("UPDATE goods SET price = 12 WHERE id = 2");

        await shop.Database.ExecuteAsync("UPDATE payflow.central SET pruned_generation = generation, pruned_xid = '9223372036854775807', pruned_id = 1");
        Assert.True(await shop.Database.ScalarAsync<bool>("SELECT c.pruned_xid = w.xid AND c.pruned_id = w.id FROM payflow.central c, console.webhook_cursor w"));

        // Nobody has told anything for a week: the log goes on without.
        await shop.Database.ExecuteAsync("UPDATE console.webhook_cursor SET moved_at = now() - interval '8 days'; UPDATE payflow.central SET pruned_generation = w.generation, pruned_xid = (w.xid::text::bigint + 1)::text::xid8, pruned_id = 1 FROM console.webhook_cursor w");
        await using var other = await shop.AnotherHostAsync();
        // Beside what is left of the log, in any order.
        await Until.TrueAsync(() => Task.FromResult(shop.Receiver.Calls.Any(IsGap)));
        var gap = Assert.Single(shop.Receiver.Calls, IsGap);
        Documentation.AssertShows(gap);
        Assert.False(gap.Data.GetProperty("isComplete").GetBoolean());
    }

    [Fact]
    public async Task Silence_and_a_long_queue_are_told_once_for_each_time()
    {
        await using var shop = await WebhookCase.CreateAsync("PAYFLOW_WEBHOOK_QUEUE_LIMIT=10", "PAYFLOW_WEBHOOK_SILENT_MINUTES=60");
        await shop.TillAsync("T1");
        await shop.TillAsync("T2");
        await shop.HookAsync(WebhookEvent.Silent, WebhookEvent.QueueOver);
        await shop.Database.ExecuteAsync("""
            UPDATE payflow.terminals SET registered_at = now() - interval '3 hours', last_seen_at = now() - interval '2 hours' WHERE id = 'T1';
            UPDATE payflow.sync_log SET started_at = now() - interval '2 hours' WHERE terminal_id = 'T1';
            UPDATE payflow.terminals SET queue = '{"PENDING": 8, "FAILED": 3}' WHERE id = 'T2';
            """);
        await shop.LookAsync();
        await shop.LookAsync();
        await shop.DoneAsync("SUCCEEDED");
        var (silent, over) = (Only(shop, "terminal.silent"), Only(shop, "queue.over_limit"));
        Documentation.AssertShows(silent);
        Documentation.AssertShows(over);
        Assert.Equal(("T1", "T2"), (Text(silent, "terminal"), Text(over, "terminal")));
        Assert.Equal((11, 10), (over.Data.GetProperty("open").GetInt32(), over.Data.GetProperty("limit").GetInt32()));

        // A little shorter is not over yet; clearly shorter is, and then it can be too long again.
        foreach (var (rows, told) in new[] { (9, 1), (12, 1), (8, 1), (11, 2) })
        {
            await shop.Database.ExecuteAsync($"UPDATE payflow.terminals SET queue = '{{\"PENDING\": {rows}}}' WHERE id = 'T2'");
            await shop.LookAsync();
            Assert.Equal((long)told, await shop.Database.ScalarAsync<long>("SELECT count(*) FROM console.webhook_deliveries WHERE type = 'queue.over_limit'"));
        }
        await shop.Database.ExecuteAsync("UPDATE payflow.terminals SET last_seen_at = now() WHERE id = 'T1'");
        await shop.LookAsync();
        await shop.Database.ExecuteAsync("UPDATE payflow.terminals SET last_seen_at = now() - interval '2 hours' WHERE id = 'T1'");
        await shop.LookAsync();
        Assert.Equal(2L, await shop.Database.ScalarAsync<long>("SELECT count(DISTINCT event_id) FROM console.webhook_deliveries WHERE type = 'terminal.silent'"));
    }

    private static Task UntilTypesAsync(WebhookCase shop, params string[] types) =>
        Until.TrueAsync(() => Task.FromResult(shop.Receiver.Calls.Select(c => c.Type).ToHashSet().SetEquals(types)));

    private static bool IsGap(ReceivedCall call) => call.Data.GetProperty("isGap").GetBoolean();

    private static ReceivedCall Only(WebhookCase shop, string type) => Assert.Single(shop.Receiver.Calls, c => c.Type == type);

    private static string? Text(ReceivedCall call, string property) => call.Json.GetProperty(property).GetString();

    private static HashSet<string> Keys(WebhookCase shop) => [.. shop.Receiver.Calls.Where(c => c.Type == "rows.changed").SelectMany(c => c.Data.GetProperty("keys").EnumerateArray()).Select(k => k.GetString()!)];

    // Each key with the till that changed it.
    private static HashSet<string> Changed(WebhookCase shop) =>
        [.. shop.Receiver.Calls.Where(c => c.Type == "rows.changed" && Text(c, "table") == "goods").SelectMany(c => c.Data.GetProperty("keys").EnumerateArray().Select(k => $"{k.GetString()} {Text(c, "terminal")}"))];
}
