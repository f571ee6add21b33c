using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Queue;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals;

public sealed class QueueReadingTests
{
    private const string Central = "CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, number text NOT NULL); CREATE TABLE notes (id int PRIMARY KEY, body text)";

    private const string Local = "CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, number TEXT NOT NULL); CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)";

    [Fact]
    public async Task A_queue_that_is_read_in_parts_has_each_row_once_though_others_leave_it_meanwhile()
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull }, new TableMapEntry { Name = "notes" });
        var till = await chain.TillAsync("T1", Local);
        till.Execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO orders (number) SELECT 'A' || i FROM n");
        till.Execute("INSERT INTO notes SELECT local_id, 'x' FROM orders WHERE local_id <= 5");
        till.Execute("INSERT INTO payflow_aside (table_name, key, reason, since) SELECT 'notes', 'a' || local_id, 'no room', '2026-11-22T00:00:00Z' FROM orders WHERE local_id <= 15");
        var expected = till.Texts("SELECT entity_type || ' ' || entity_id FROM sync_queue UNION ALL SELECT 'aside ' || key FROM payflow_aside");

        var found = new List<string>();
        IReadOnlyList<QueuedRow> part;
        QueuedRow? last = null;
        do
        {
            part = QueueReading.ReadBehind(till.File.Path, new QueueFilter(), last, 10);
            last = part.Count > 0 ? part[^1] : last;
            found.AddRange(part.Select(r => r.Status == QueueFilter.SetAside ? $"aside {r.Key}" : $"{r.Table} {r.Key}"));
            // What has been told already is sent meanwhile: counted from the front, the next part would begin too far behind.
            foreach (var row in part.Where(r => r.Status != QueueFilter.SetAside))
                till.Execute($"DELETE FROM sync_queue WHERE entity_type = '{row.Table}' AND entity_id = '{row.Key}'");
        }
        while (part.Count == 10);

        Assert.Equal(120, expected.Count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FAILED", 2)]
    [InlineData(QueueFilter.DeadLetter, 1)]
    [InlineData(QueueFilter.SetAside, 1)]
    [InlineData(null, 6)]
    public async Task A_part_has_what_the_filter_asks_for(string? status, int rows)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "orders", Direction = SyncDirection.Pull });
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO orders (number) VALUES ('1'), ('2'), ('3'), ('4'), ('5')");
        till.Execute("UPDATE sync_queue SET status = 'FAILED', next_attempt_at = CASE entity_id WHEN '2' THEN '2099-01-01T00:00:00Z' END WHERE entity_id IN ('1', '2')");
        till.Execute("INSERT INTO payflow_aside (table_name, key, reason, since) VALUES ('orders', 'a', 'no room', '2026-11-22T00:00:00Z')");

        var (filter, last, found) = (new QueueFilter { Status = status }, (QueuedRow?)null, 0);
        while (QueueReading.ReadBehind(till.File.Path, filter, last, 1) is [var row])
            (last, found) = (row, found + 1);

        Assert.Equal(rows, found);
    }
}
