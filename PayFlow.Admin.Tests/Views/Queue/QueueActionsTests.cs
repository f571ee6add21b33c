using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Queue;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Queue;

public sealed class QueueActionsTests : IAsyncLifetime
{
    private const string Central = """
        CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number varchar(10) NOT NULL, total numeric(10,2) CHECK (total >= 0));
        CREATE TABLE order_items (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, order_id varchar(36) NOT NULL REFERENCES orders, quantity int);
        """;

    private const string Local = """
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, number TEXT NOT NULL, total TEXT);
        CREATE TABLE order_items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, order_id INTEGER NOT NULL REFERENCES orders(local_id), quantity INTEGER);
        """;

    private SyncFixture _chain = null!;
    private Till _till = null!;

    private QueueReader Reader => new(_chain.Source);

    private QueueActions Actions => new(_chain.Source, Reader, TimeProvider.System);

    public async Task InitializeAsync()
    {
        _chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull }, new TableMapEntry { Name = "order_items", Direction = SyncDirection.Pull });
        _till = await _chain.TillAsync("T1", Local);
        _till.Execute("INSERT INTO orders (number, total) VALUES ('A1', '-1'), ('A2', '-2'); INSERT INTO order_items (order_id, quantity) VALUES (1, 2)");
        await _till.SyncAsync();
        await _till.Sync.DisposeAsync();
    }

    public async Task DisposeAsync() => await _chain.DisposeAsync();

    [Fact]
    public async Task A_terminals_queue_is_read_by_page_with_counts_and_what_it_waits_for()
    {
        var view = await Reader.ReadAsync(new QueueQuery(), new PageRequest(1, 2), default);

        Assert.Equal(("T1", 3L, 2), (view.Chosen!.Id, view.Rows.Total, view.Rows.Items.Count));
        Assert.Equal([("order_items", "PENDING", 1L), ("orders", "FAILED", 2L)], view.Counts.Select(c => (c.Table, c.Status, c.Rows)));
        var second = await Reader.ReadAsync(new QueueQuery { Terminal = "T1" }, new PageRequest(2, 2), default);
        Assert.Equal(("orders", "1"), QueueWords.Parent(Assert.Single(second.Rows.Items)));
        Assert.Equal(["2"], (await Reader.ReadAsync(new QueueQuery { Table = "orders", Key = "2" }, new PageRequest(1), default)).Rows.Items.Select(r => r.Key));
        Assert.Empty((await Reader.ReadAsync(new QueueQuery { Status = QueueFilter.DeadLetter }, new PageRequest(1), default)).Rows.Items);
    }

    [Fact]
    public async Task A_dead_letter_is_found_by_its_own_word()
    {
        _till.Execute("UPDATE sync_queue SET next_attempt_at = NULL WHERE entity_type = 'orders' AND entity_id = '2'");

        var view = await Reader.ReadAsync(new QueueQuery { Status = QueueFilter.DeadLetter }, new PageRequest(1), default);

        Assert.Equal("2", Assert.Single(view.Rows.Items).Key);
        Assert.Contains(new QueuedCount("orders", QueueFilter.DeadLetter, 1), view.Counts);
    }

    [Fact]
    public async Task A_file_that_this_host_cannot_open_is_said_and_what_it_reported_is_there()
    {
        File.Move(_till.File.Path, _till.File.Path + ".away");

        var view = await Reader.ReadAsync(new QueueQuery { Terminal = "T1" }, new PageRequest(1), default);

        Assert.Equal(SyncErrorCode.TerminalUnavailable, view.Unreadable!.Code);
        Assert.Equal(2, view.Chosen!.Failed);
        Assert.NotNull(view.Unreadable.Hint);
    }

    [Fact]
    public async Task What_is_typed_is_checked_field_by_field_before_anything_changes()
    {
        var faults = await EditAsync(("total", "much"), ("number", "much too long a number"));

        Assert.Equal("'much' is not a number", faults["total"]);
        Assert.Contains("longer than 10 characters", faults["number"], StringComparison.Ordinal);
        Assert.Equal(["A1 -1"], _till.Texts("SELECT number || ' ' || total FROM orders WHERE local_id = 1"));

        Assert.Empty(await EditAsync(("total", "9.50")));
        Assert.Equal(["A1 9.50"], _till.Texts("SELECT number || ' ' || total FROM orders WHERE local_id = 1"));
        Assert.Equal(["PENDING"], _till.Texts("SELECT status FROM sync_queue WHERE entity_type = 'orders' AND entity_id = '1'"));
        Assert.Equal(["ada queue.edit typo"], await AuditAsync());
    }

    [Fact]
    public async Task Chosen_rows_are_requeued_and_others_are_not()
    {
        var result = await Actions.RequeueAsync("T1", Rows(("orders", "2")), "ada", "try again", default);

        Assert.Equal(["orders/2 is due at the next sync"], result.Done);
        Assert.Equal(["1 FAILED", "2 PENDING"], _till.Texts("SELECT entity_id || ' ' || status FROM sync_queue WHERE entity_type = 'orders' ORDER BY 1"));
        Assert.Equal(["ada queue.requeue try again"], await AuditAsync());
    }

    [Fact]
    public async Task Discarding_is_previewed_with_what_is_lost_and_refuses_what_others_refer_to()
    {
        var filter = Rows(("orders", "1"), ("orders", "2"));
        var seen = await Actions.PreviewDiscardAsync("T1", filter, default);
        Assert.Equal([("1", DiscardEffect.Refused), ("2", DiscardEffect.Removed)], seen.Steps.Select(s => (s.Entry.Key, s.Effect)).Order());
        Assert.Equal("A2", seen.Steps.Single(s => s.Entry.Key == "2").Lost!["number"].ToString());
        Assert.Equal(["1", "2"], _till.Texts("SELECT local_id FROM orders ORDER BY 1"));

        var result = await Actions.DiscardAsync("T1", seen, "ada", "wrong", null, default);

        Assert.Single(result.Done);
        Assert.Equal(["1"], _till.Texts("SELECT local_id FROM orders"));
        Assert.Equal(["ada queue.discard wrong"], await AuditAsync());
    }

    [Fact]
    public async Task A_row_that_changed_after_the_preview_is_not_discarded()
    {
        var filter = Rows(("orders", "2"));
        var seen = await Actions.PreviewDiscardAsync("T1", filter, default);
        await Actions.RequeueAsync("T1", filter, "bob", null, default);

        var result = await Actions.DiscardAsync("T1", seen, "ada", "wrong", null, default);

        Assert.Contains("changed since you looked", Assert.Single(result.Refused).Reason, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], _till.Texts("SELECT local_id FROM orders ORDER BY 1"));
    }

    [Fact]
    public async Task All_that_match_are_discarded_in_batches_with_progress_children_before_what_they_refer_to()
    {
        _till.Execute("""
            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 1509) INSERT INTO orders (local_id, number, total) SELECT i, 'B' || i, '-1' FROM n;
            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 709) INSERT INTO order_items (order_id, quantity) SELECT i, 1 FROM n;
            """);
        var seen = await Actions.PreviewDiscardAsync("T1", new QueueFilter(), default);
        Assert.Equal((1_000, 2_203L), (seen.Steps.Count, seen.Total));
        _till.Execute("INSERT INTO orders (local_id, number, total) VALUES (9000, 'late', '1')");
        var told = new Told();

        var result = await Actions.DiscardAsync("T1", seen, "ada", "a training day", told, default);

        Assert.Equal((2_203, 0), (result.Done.Count, result.Refused.Count));
        Assert.True(told.Counts.Count >= 3, string.Join(' ', told.Counts));
        // What was sold while somebody read the preview was not looked at, and stays.
        Assert.Equal(["9000"], _till.Texts("SELECT local_id FROM orders"));
    }

    [Fact]
    public async Task Discarding_that_is_stopped_says_what_it_did_and_what_it_left()
    {
        var seen = await Actions.PreviewDiscardAsync("T1", new QueueFilter(), default);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var result = await Actions.DiscardAsync("T1", seen with { Rest = [.. seen.Steps.Select(s => s.Entry)], Steps = [] }, "ada", "wrong", null, stop.Token);

        Assert.Equal((0, 0), (result.Done.Count, result.Refused.Count(r => !r.Reason.Contains("stopped", StringComparison.Ordinal))));
        Assert.Equal(["1", "2"], _till.Texts("SELECT local_id FROM orders ORDER BY 1"));
    }

    private async Task<IReadOnlyDictionary<string, string>> EditAsync(params (string Column, string? Text)[] values) =>
        await Actions.EditAsync("T1", "orders", "1", values.ToDictionary(v => v.Column, v => v.Text), "ada", "typo", default);

    private Task<List<string?>> AuditAsync() => _chain.TextsAsync("SELECT actor || ' ' || action || ' ' || (detail ->> 'reason') FROM payflow.audit WHERE action LIKE 'queue.%' ORDER BY id");

    private sealed class Told : IProgress<long>
    {
        public List<long> Counts { get; } = [];

        public void Report(long value) => Counts.Add(value);
    }

    private static QueueFilter Rows(params (string Table, string Key)[] rows) => new() { Rows = [.. rows.Select(r => new QueueRowId(r.Table, r.Key))] };
}
