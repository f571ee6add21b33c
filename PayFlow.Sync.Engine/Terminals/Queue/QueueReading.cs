using System.Globalization;
using System.Text.Json;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>Looks into a terminal's queue. Changes nothing and needs no central.</summary>
public static class QueueReading
{
    // What the POS program changed while it was on the way is still on the way.
    private const string Status = "CASE WHEN status = 'PENDING' AND batch_id IS NOT NULL THEN 'SYNCING' ELSE status END";

    // A list of rows is looked up once, not for each entry.
    private const string Queued = $"""
        (?1 IS NULL OR entity_type = ?1 COLLATE NOCASE) AND (?2 IS NULL OR entity_id = ?2)
          AND (?3 IS NULL OR {Status} = ?3 OR ?3 = '{QueueFilter.DeadLetter}' AND status = 'FAILED' AND next_attempt_at IS NULL)
          AND (?5 IS NULL OR substr(entity_id, 1, length(?5)) = ?5)
          AND (?6 IS NULL OR (entity_type, entity_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?6) WHERE value ->> 2 = 0))
        """;

    private const string WasSetAside = """
        attempts > 0 AND (?1 IS NULL OR table_name = ?1 COLLATE NOCASE) AND (?2 IS NULL OR key = ?2)
          AND (?5 IS NULL OR substr(key, 1, length(?5)) = ?5)
          AND (?6 IS NULL OR (table_name, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?6) WHERE value ->> 2 = 1))
        """;

    private const string Entries = $"""
        SELECT entity_type, entity_id, {Status} AS state, action, attempts, last_error, next_attempt_at, created_at
        FROM sync_queue
        WHERE {Queued}
        ORDER BY CASE state WHEN 'FAILED' THEN 1 WHEN 'CONFLICT' THEN 2 WHEN 'SYNCING' THEN 3 ELSE 4 END, priority, created_at, entity_type, entity_id
        LIMIT ?4 OFFSET ?7
        """;

    private const string Aside = $"""
        SELECT table_name, key, 'ASIDE', NULL, attempts, reason, NULL, since
        FROM payflow_aside
        WHERE {WasSetAside}
        ORDER BY since, table_name, key
        LIMIT ?4 OFFSET ?7
        """;

    // In the order of the primary key, so that a part is found without reading those before it.
    private const string EntriesBehind = $"""
        SELECT entity_type, entity_id, {Status} AS state, action, attempts, last_error, next_attempt_at, created_at
        FROM sync_queue
        WHERE {Queued} AND (entity_type, entity_id) > (?7, ?8)
        ORDER BY entity_type, entity_id
        LIMIT ?4
        """;

    private const string AsideBehind = $"""
        SELECT table_name, key, 'ASIDE', NULL, attempts, reason, NULL, since
        FROM payflow_aside
        WHERE {WasSetAside} AND (table_name, key) > (?7, ?8)
        ORDER BY table_name, key
        LIMIT ?4
        """;

    // In the order of the primary key: grouped by status as well, SQLite would sort all rows first.
    private const string Counts = $"""
        SELECT entity_type, count(*) FILTER (WHERE status = 'CONFLICT'), count(*) FILTER (WHERE status = 'FAILED' AND next_attempt_at IS NULL), count(*) FILTER (WHERE status = 'FAILED' AND next_attempt_at IS NOT NULL),
          count(*) FILTER (WHERE {Status} = 'PENDING'), count(*) FILTER (WHERE {Status} = 'SYNCING')
        FROM sync_queue GROUP BY 1 ORDER BY 1
        """;

    private const string AsideCounts = "SELECT table_name, count(*) FROM payflow_aside WHERE attempts > 0 GROUP BY 1 ORDER BY 1";

    private static readonly string[] Counted = ["CONFLICT", QueueFilter.DeadLetter, "FAILED", "PENDING", "SYNCING"];

    /// <summary>The rows that wait: refused ones first; behind those on their way up, those that were set aside on their way down.</summary>
    /// <param name="path">The terminal's file.</param>
    /// <param name="filter">Which.</param>
    /// <param name="limit">At most so many of either.</param>
    /// <exception cref="SyncException">The file cannot be opened or was never attached.</exception>
    public static IReadOnlyList<QueuedRow> List(string path, QueueFilter filter, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var database = Open(path);
        return List(database, filter, limit);
    }

    /// <summary>One row with its values.</summary>
    /// <exception cref="SyncException">Nothing of that row waits.</exception>
    public static QueuedRowDetail Show(string path, string table, string key)
    {
        using var database = Open(path);
        if (List(database, new QueueFilter { Table = table, Key = key }, 1).FirstOrDefault() is not { } entry)
            throw NotQueued(table, key);
        var schema = new TerminalStore(database).ReadSchema().Find(entry.Table);
        return new QueuedRowDetail(entry, schema is null || entry.Status == QueueFilter.SetAside ? null : ReadRow(database, schema, key), ReadBase(database, entry));
    }

    internal static List<QueuedRow> List(SqliteDatabase database, QueueFilter filter, int limit)
    {
        var rows = new List<QueuedRow>();
        foreach (var sql in new[] { filter.IncludesQueue ? Entries : null, filter.IncludesAside ? Aside : null })
        {
            if (sql is null)
                continue;
            var row = Bind(database, sql, filter).Bind(4, limit).Bind(7, 0);
            while (row.Step())
                rows.Add(Entry(row));
        }
        return rows;
    }

    /// <summary>A part of the list by its place in it, with what there is in all; read in one transaction, so that the figures fit each other.</summary>
    /// <param name="path">The terminal's file.</param>
    /// <param name="filter">Which.</param>
    /// <param name="offset">How many come before.</param>
    /// <param name="limit">At most so many.</param>
    /// <exception cref="SyncException">The file cannot be opened or was never attached.</exception>
    public static QueuePart ReadPart(string path, QueueFilter filter, long offset, int limit)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var database = Open(path);
        database.Execute("BEGIN");
        try
        {
            var counts = ReadCounts(database);
            var isCounted = filter is { Key: null, KeyPrefix: null, Rows: null };
            var queued = !filter.IncludesQueue ? 0 : isCounted ? Sum(counts, filter, isAside: false) : Count(database, filter, "sync_queue", Queued);
            var aside = !filter.IncludesAside ? 0 : isCounted ? Sum(counts, filter, isAside: true) : Count(database, filter, "payflow_aside", WasSetAside);
            var rows = new List<QueuedRow>();
            if (offset < queued)
                Read(database, Entries, filter, offset, limit, rows);
            if (aside > 0 && rows.Count < limit)
                Read(database, Aside, filter, Math.Max(0, offset - queued), limit - rows.Count, rows);
            return new QueuePart(rows, queued + aside, counts);
        }
        finally
        {
            database.Execute("ROLLBACK");
        }
    }

    /// <summary>Some rows behind a place, by table and key, those that were set aside at the end. However long the queue is, and whatever leaves it between two parts: no row comes twice, and none that stays is left out.</summary>
    /// <param name="path">The terminal's file, open only while a part is read.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">The last row of the part before; null for the first part.</param>
    /// <param name="limit">At most so many; fewer say that there are no more.</param>
    /// <exception cref="SyncException">The file cannot be opened or was never attached.</exception>
    public static IReadOnlyList<QueuedRow> ReadBehind(string path, QueueFilter filter, QueuedRow? after, int limit)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var database = Open(path);
        var rows = new List<QueuedRow>();
        var isAside = after?.Status == QueueFilter.SetAside;
        if (filter.IncludesQueue && !isAside)
            ReadBehind(database, EntriesBehind, filter, after, limit, rows);
        if (filter.IncludesAside && rows.Count < limit)
            ReadBehind(database, AsideBehind, filter, isAside ? after : null, limit - rows.Count, rows);
        return rows;
    }

    private static void ReadBehind(SqliteDatabase database, string sql, QueueFilter filter, QueuedRow? after, int limit, List<QueuedRow> rows)
    {
        var row = Bind(database, sql, filter).Bind(4, limit).Bind(7, after?.Table ?? string.Empty).Bind(8, after?.Key ?? string.Empty);
        while (row.Step())
            rows.Add(Entry(row));
    }

    private static void Read(SqliteDatabase database, string sql, QueueFilter filter, long offset, int limit, List<QueuedRow> rows)
    {
        var row = Bind(database, sql, filter).Bind(4, limit).Bind(7, offset);
        while (row.Step())
            rows.Add(Entry(row));
    }

    private static long Count(SqliteDatabase database, QueueFilter filter, string table, string where)
    {
        var row = Bind(database, $"SELECT count(*) FROM {table} WHERE {where}", filter);
        row.Step();
        var count = row.Integer(0);
        row.Reset();
        return count;
    }

    private static List<QueuedCount> ReadCounts(SqliteDatabase database)
    {
        var counts = new List<QueuedCount>();
        var row = database.Prepare(Counts);
        while (row.Step())
        {
            for (var i = 0; i < Counted.Length; i++)
            {
                if (row.Integer(i + 1) is > 0 and var rows)
                    counts.Add(new QueuedCount(row.Text(0)!, Counted[i], rows));
            }
        }
        row = database.Prepare(AsideCounts);
        while (row.Step())
            counts.Add(new QueuedCount(row.Text(0)!, QueueFilter.SetAside, row.Integer(1)));
        return counts;
    }

    private static long Sum(List<QueuedCount> counts, QueueFilter filter, bool isAside) => counts
        .Where(c => c.Status == QueueFilter.SetAside == isAside && (filter.Table is null || string.Equals(c.Table, filter.Table, StringComparison.OrdinalIgnoreCase))
            && (isAside || filter.Status is null || c.Status == filter.Status || filter.Status == "FAILED" && c.Status == QueueFilter.DeadLetter))
        .Sum(c => c.Rows);

    private static SqliteStatement Bind(SqliteDatabase database, string sql, QueueFilter filter) =>
        database.Prepare(sql).Bind(1, filter.Table).Bind(2, filter.Key).Bind(3, filter.Status).Bind(5, filter.KeyPrefix)
            .Bind(6, filter.Rows is null ? null : JsonSerializer.Serialize(filter.Rows.Select(r => new object[] { r.Table, r.Key, r.IsAside ? 1 : 0 })));

    internal static SyncException NotQueued(string table, string key) =>
        new(SyncErrorCode.InvalidConfiguration, $"{table}/{key} is not in the queue: nothing of it waits", "payflow queue list --sqlite FILE shows what does.") { Table = table, Key = key };

    private static SqliteDatabase Open(string path)
    {
        var database = SqliteDatabase.Open(path);
        try
        {
            // Refuses a file that was never attached.
            new TerminalStore(database).ReadState();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static QueuedRow Entry(SqliteStatement row) => new()
    {
        Table = row.Text(0)!,
        Key = row.Text(1)!,
        Status = row.Text(2)!,
        Action = row.Text(3),
        Attempts = row.Integer(4),
        Error = row.Text(5),
        NextAttemptAt = Instant(row.Text(6)),
        Since = Instant(row.Text(7)),
    };

    // By the primary key alone, which is what the queue's keys are made of: central's plan is not at hand.
    private static Dictionary<string, CellValue>? ReadRow(SqliteDatabase database, TableSchema table, string key)
    {
        IReadOnlyList<string> own = table.Find(LocalOnly.LocalId) is { } local && table.Find(LocalOnly.ServerId) is not null ? [local.Name] : table.Key;
        if (own.Count == 0)
            return null;
        var columns = table.Columns.Select(c => c.Name).ToList();
        var match = string.Join(" AND ", own.Select((c, i) => $"{SqliteName.Quote(c)} = ?{i + 1}"));
        var row = database.Prepare($"SELECT {string.Join(", ", columns.Select(SqliteName.Quote))} FROM {SqliteName.Quote(table.Name)} WHERE {match}");
        var parts = RowKey.Parse(key, own.Count);
        for (var i = 0; i < parts.Length; i++)
            row.Bind(i + 1, parts[i]);
        if (!row.Step())
            return null;
        var values = columns.Select((c, i) => (c, Value: row.Column(i))).ToDictionary(c => c.c, c => c.Value, StringComparer.OrdinalIgnoreCase);
        row.Reset();
        return values;
    }

    private static Dictionary<string, CellValue>? ReadBase(SqliteDatabase database, QueuedRow entry)
    {
        var row = database.Prepare("SELECT base FROM sync_queue WHERE entity_type = ?1 AND entity_id = ?2").Bind(1, entry.Table).Bind(2, entry.Key);
        var image = row.Step() ? row.Text(0) : null;
        row.Reset();
        return image is null ? null : ImageJson.ReadNamed(image);
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
}
