using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Tables captured by a timestamp column.</summary>
public sealed class TimestampCaptureTests
{
    private const string Central = "CREATE TABLE goods (id int PRIMARY KEY, name text, updated_at timestamptz);";

    private const string Local = "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, updated_at TEXT)";

    private static readonly SyncOptions SmallBatches = new() { BatchSize = 10 };

    [Fact]
    public async Task More_rows_of_one_timestamp_than_a_page_holds_all_come_down()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", CentralCapture = CaptureMode.Timestamp });
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO goods SELECT i, 'n', CASE WHEN i < 12000 THEN '2024-01-01Z'::timestamptz ELSE '2024-01-02Z' END FROM generate_series(1, 12500) i");
        await till.SyncAsync();
        Assert.Equal(12500L, till.Scalar("SELECT count(*) FROM goods"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (20000, 'same stamp again', '2024-01-02Z')");
        await till.SyncAsync();
        Assert.Equal(12501L, till.Scalar("SELECT count(*) FROM goods"));
    }

    [Theory]
    [InlineData("'2024-01-01 10:00:00'")]
    [InlineData("'2024-01-01T10:00:00.123Z'")]
    public async Task More_rows_of_one_timestamp_than_a_batch_holds_all_go_up_and_are_not_sent_twice(string stamp)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", TerminalCapture = CaptureMode.Timestamp });
        var till = await chain.TillAsync("T1", Local, options: SmallBatches);
        till.Execute($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 35) INSERT INTO goods SELECT i, 'n', {stamp} FROM n");
        await till.SyncAsync();
        Assert.Equal(35L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods"));
        var again = await till.SyncAsync();
        Assert.Equal(0, again.Tables.Sum(t => t.Read));
        till.Execute($"UPDATE goods SET name = 'x', updated_at = strftime('%Y-%m-%d %H:%M:%S', {stamp}, '+1 second') WHERE id = 30; INSERT INTO goods VALUES (99, 'late, same stamp', {stamp})");
        await till.SyncAsync();
        Assert.Equal("x", await chain.Database.ScalarAsync<string>("SELECT name FROM goods WHERE id = 30"));
        Assert.Equal(36L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM goods"));
    }

    [Theory]
    [InlineData(CaptureMode.Trigger, SyncDirection.Both)]
    [InlineData(CaptureMode.Timestamp, SyncDirection.Both)]
    [InlineData(CaptureMode.Trigger, SyncDirection.Pull)]
    public async Task An_edit_at_a_till_captured_by_timestamp_reaches_central_and_nothing_comes_back(CaptureMode central, SyncDirection direction)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", TerminalCapture = CaptureMode.Timestamp, CentralCapture = central, Direction = direction });
        var till = await chain.TillAsync("T1", Local);
        if (direction == SyncDirection.Both)
            await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (1, 'from central', now() - interval '1 hour')");
        else
            till.Execute("INSERT INTO goods VALUES (1, 'from the till', '2024-01-01T00:00:00Z')");
        await till.SyncAsync();
        var quiet = await till.SyncAsync();
        // Central's overlap may be read again; it moves nothing.
        Assert.Equal(0, central == CaptureMode.Timestamp ? quiet.Moved : quiet.Tables.Sum(t => t.Read));

        till.Execute("UPDATE goods SET name = 'edited', updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 second') WHERE id = 1; INSERT INTO goods VALUES (2, 'new', strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 second'))");
        await till.SyncAsync();
        Assert.Equal(["1edited", "2new"], await chain.TextsAsync("SELECT id || name FROM goods ORDER BY id"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        var last = await till.SyncAsync();
        Assert.Equal(0, last.Tables.Sum(t => t.Read));
    }

    [Fact]
    public async Task A_timestamp_in_the_future_hides_nothing_that_is_written_today()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "goods", CentralCapture = CaptureMode.Timestamp, TerminalCapture = CaptureMode.Timestamp });
        var till = await chain.TillAsync("T1", Local);
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (1, 'of a clock ahead', now() + interval '3 days')");
        till.Execute("INSERT INTO goods VALUES (10, 'of a clock ahead', strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+3 days'))");
        await till.SyncAsync();
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (2, 'today', now())");
        till.Execute("INSERT INTO goods VALUES (11, 'today', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
        await till.SyncAsync();
        Assert.Equal(["1", "2", "10", "11"], till.Texts("SELECT id FROM goods ORDER BY id"));
        Assert.Equal(["1", "2", "10", "11"], await chain.TextsAsync("SELECT id::text FROM goods ORDER BY goods.id"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }

    [Fact]
    public async Task Trigger_capture_loses_nothing_when_the_tills_clock_is_set_back_a_day()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO goods VALUES (1, 'a', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
        await till.SyncAsync();
        till = await chain.ReopenAsync(till, time: new ShiftedTime(TimeSpan.FromDays(-1)));
        till.Execute("INSERT INTO goods VALUES (2, 'b', strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 day')); UPDATE goods SET name = 'a2', updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 day') WHERE id = 1");
        await chain.Database.ExecuteAsync("INSERT INTO goods VALUES (3, 'c', now() - interval '1 year')");
        await till.SyncAsync();
        Assert.Equal(["1a2", "2b", "3c"], await chain.TextsAsync("SELECT id || name FROM goods ORDER BY id"));
        Assert.Equal(["1a2", "2b", "3c"], till.Texts("SELECT id || name FROM goods ORDER BY id"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
