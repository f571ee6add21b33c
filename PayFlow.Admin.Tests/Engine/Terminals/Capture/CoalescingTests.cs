using PayFlow.Admin.Tests.Engine.Tables;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals.Capture;

/// <summary>Every sequence of up to four operations, from every state that an entry can be in, leaves exactly the entries that the model predicts.</summary>
public sealed class CoalescingTests : IDisposable
{
    private static readonly string[] Operations = ["insert", "update", "no-op", "delete", "replace", "upsert", "rekey"];

    private readonly TerminalFile _file = new("CREATE TABLE items (id TEXT PRIMARY KEY, name TEXT)");
    private readonly SqliteDatabase _database;
    private int _checked;

    public CoalescingTests()
    {
        _database = SqliteDatabase.Open(_file.Path);
        BookkeepingTables.Create(_database);
        _database.Execute("INSERT INTO payflow_state (id, terminal_id, central_id, lineage, attached_at) VALUES (1, 'T', 'c', 'l', '2024-01-31')");
        var plan = SyncPlanner.Build(null, SqliteSchemaReader.Read(_database.Connection), Schemas.Of(Schemas.Table("items", "id text", "name text")));
        foreach (var sql in new CaptureTriggers(plan.Tables[0]).Statements().Values)
            _database.Execute(sql);
    }

    public static TheoryData<string?, string?, string?> Starts()
    {
        var starts = new TheoryData<string?, string?, string?> { { null, null, null }, { null, null, "old" } };
        foreach (var status in new[] { "PENDING", "SYNCING", "FAILED", "CONFLICT" })
        {
            starts.Add("INSERT", status, "new");
            starts.Add("UPDATE", status, "changed");
            starts.Add("DELETE", status, null);
        }
        return starts;
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Up_to_four_operations_leave_the_entry_that_the_model_predicts(string? action, string? status, string? row)
    {
        _database.Execute("BEGIN");
        var model = Start(action, status, row);
        Explore(model, 0, "start");
        _database.Execute("ROLLBACK");

        Assert.Equal(7 + 49 + 343 + 2401, _checked);
    }

    public void Dispose()
    {
        _database.Dispose();
        _file.Dispose();
    }

    private QueueModel Start(string? action, string? status, string? row)
    {
        _database.Execute("UPDATE payflow_state SET applying = 1");
        if (row is not null)
            _database.Execute($"INSERT INTO items VALUES ('a', '{row}')");
        _database.Execute("UPDATE payflow_state SET applying = 0");
        var model = new QueueModel(row is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["a"] = row }, new Dictionary<string, QueueModel.Entry>());
        if (action is null)
            return model;
        var entry = new QueueModel.Entry(action, status!, action == "INSERT" ? null : "first", null, status == "SYNCING");
        var image = entry.Base is null ? "NULL" : $$"""'{"id":"sa","name":"sfirst"}'""";
        _database.Execute($"INSERT INTO sync_queue (entity_type, entity_id, action, status, base, batch_id, attempts) VALUES ('items', 'a', '{action}', '{status}', {image}, {(entry.IsOnItsWay ? "'batch'" : "NULL")}, 3)");
        return model with { Entries = new Dictionary<string, QueueModel.Entry> { ["a"] = entry } };
    }

    private void Explore(QueueModel model, int depth, string path)
    {
        if (depth == 4)
            return;
        foreach (var operation in Operations)
        {
            _database.Execute($"SAVEPOINT s{depth}");
            var name = $"v{depth}";
            var next = Apply(operation, model, name);
            var here = $"{path}, {operation}";
            Check(next, here);
            _checked++;
            Explore(next, depth + 1, here);
            _database.Execute($"ROLLBACK TO s{depth}; RELEASE s{depth}");
        }
    }

    private QueueModel Apply(string operation, QueueModel model, string name)
    {
        var (sql, next) = operation switch
        {
            "insert" => ($"INSERT INTO items VALUES ('a', '{name}')", model.Insert("a", name)),
            "update" => ($"UPDATE items SET name = '{name}' WHERE id = 'a'", model.Update("a", name)),
            "no-op" => ("UPDATE items SET name = name WHERE id = 'a'", model),
            "delete" => ("DELETE FROM items WHERE id = 'a'", model.Delete("a")),
            "replace" => ($"INSERT OR REPLACE INTO items VALUES ('a', '{name}')", model.Replace("a", name)),
            "upsert" => ($"INSERT INTO items VALUES ('a', '{name}') ON CONFLICT (id) DO UPDATE SET name = excluded.name", model.Upsert("a", name)),
            _ => ("UPDATE items SET id = 'b' WHERE id = 'a'", model.Rekey("a", "b")),
        };
        try
        {
            _database.Execute(sql);
        }
        catch (SqliteRowException)
        {
            // The key is taken: nothing changed, and nothing may be captured.
            Assert.Same(model, next);
        }
        return next;
    }

    private void Check(QueueModel model, string path)
    {
        var found = new Dictionary<string, QueueModel.Entry>();
        var row = _database.Prepare("SELECT entity_id, action, status, base, payload, batch_id, attempts FROM sync_queue");
        while (row.Step())
            found.Add(row.Text(0)!, new QueueModel.Entry(row.Text(1)!, row.Text(2)!, NameIn(row.Text(3)), NameIn(row.Text(4)), row.Text(5) is not null));
        Assert.True(found.Count == model.Entries.Count && found.All(e => model.Entries.GetValueOrDefault(e.Key) == e.Value),
            $"{path}: found {string.Join(' ', found)}, expected {string.Join(' ', model.Entries)}");
    }

    private static string? NameIn(string? image) => image is null or "null" ? image : ImageJson.Read(image, ["name"])[0].AsText;
}
