using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>Two stores of one chain, with rows of both in central: what a till of the first one may write.</summary>
internal static class Stores
{
    public const string Filter = "store = {terminal.store}";

    public const string Central = """
        CREATE TABLE goods (id varchar(36) PRIMARY KEY, store text, sku text UNIQUE, name text, status text, deleted_at timestamptz);
        CREATE TABLE orders (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, store text, number text, total int, created_at timestamptz);
        CREATE TABLE items (id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text, order_id varchar(36) NOT NULL REFERENCES orders ON DELETE CASCADE, quantity int);
        CREATE FUNCTION store_of(text) RETURNS text LANGUAGE sql STABLE AS 'SELECT store FROM orders WHERE id = $1';
        INSERT INTO goods SELECT 'a' || i, 'S1', 'skua' || i, 'own ' || i, 'open' FROM generate_series(1, 9) i;
        INSERT INTO goods SELECT 'b' || i, 'S2', 'skub' || i, 'secret ' || i, 'open' FROM generate_series(1, 9) i;
        INSERT INTO orders SELECT 'o1', 'S1', 'one', 1, '2026-01-01Z'; INSERT INTO orders SELECT 'o2', 'S2', 'two', 7770777, '2026-01-02Z';
        INSERT INTO items VALUES ('i1', 'o1', 1), ('i2', 'o2', 7770777);
        """;

    public const string Local = """
        CREATE TABLE goods (id TEXT PRIMARY KEY, store TEXT, sku TEXT, name TEXT, status TEXT, deleted_at TEXT);
        CREATE TABLE orders (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, store TEXT, number TEXT, total INTEGER, created_at TEXT);
        CREATE TABLE items (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, sync_status TEXT, order_id INTEGER NOT NULL REFERENCES orders(local_id) ON DELETE CASCADE, quantity INTEGER);
        """;

    public static TableMapEntry[] Map =>
    [
        new() { Name = "goods", Filter = Filter, Conflicts = ConflictPolicy.Merge },
        new() { Name = "orders", Filter = Filter, Match = ["number"] },
        new() { Name = "items", Filter = "store_of(order_id) = {terminal.store}" },
    ];

    public static Dictionary<string, string> Of(string store) => new() { ["store"] = store };

    public static CellValue[] Goods(string id, string store, string name = "changed", string? sku = null, string? deleted = null, string status = "open") =>
        [CellValue.Of(id), CellValue.Of(store), CellValue.Of(sku ?? "sku" + id), CellValue.Of(name), CellValue.Of(status), deleted is null ? CellValue.Null : CellValue.Of(deleted)];

    public static CellValue[] Order(string store, string number, int total = 1, string created = "2026-01-03T00:00:00Z") => [CellValue.Of(store), CellValue.Of(number), CellValue.Of((long)total), CellValue.Of(created)];

    /// <summary>A batch made by hand; gives what the host answers, and checks that nothing in it is the other store's.</summary>
    public static async Task<UploadResult> UploadAsync(RemoteChain remote, DeviceCredentials device, bool isRestored, params (string Table, Func<TableSection, TableSection>? With, RowChange[] Rows)[] sections)
    {
        var run = Guid.NewGuid();
        var plan = await DeviceCalls.OpenAsync(remote, device, run, Local);
        using var line = remote.Line(device);
        var batch = new ChangeBatch
        {
            Id = Guid.NewGuid(),
            RunId = run,
            IsRestored = isRestored,
            Sections = [.. sections.Select(s =>
            {
                var section = new TableSection { Table = s.Table, Columns = [.. plan.Find(s.Table)!.Columns.Select(c => c.Terminal.Name)], Rows = s.Rows };
                return s.With is null ? section : s.With(section);
            })],
        };
        var result = await line.PostAsync(SyncPaths.Upload, run, batch.Sealed(), WireContext.Wire.ChangeBatch, WireContext.Wire.UploadResult, CancellationToken.None);
        var text = System.Text.Json.JsonSerializer.Serialize(result, WireContext.Wire.UploadResult);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("7770777", text, StringComparison.Ordinal);
        return result;
    }

    /// <summary>Everything of the other store, as one text.</summary>
    public static Task<string?> OthersAsync(RemoteChain remote) => remote.Chain.Database.ScalarAsync<string>("""
        SELECT concat_ws('|', (SELECT string_agg(g::text, ';' ORDER BY g.id) FROM goods g WHERE store = 'S2' OR id LIKE 'b%'), (SELECT string_agg(o::text, ';' ORDER BY o.id) FROM orders o WHERE store = 'S2' OR id = 'o2'),
          (SELECT string_agg(i::text, ';' ORDER BY i.id) FROM items i WHERE store_of(order_id) = 'S2' OR id = 'i2'))
        """);
}
