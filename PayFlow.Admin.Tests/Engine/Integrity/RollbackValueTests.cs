using PayFlow.Admin.Tests.Engine.Sessions;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Integrity;

public sealed class RollbackValueTests
{
    private const string Types = """
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE DOMAIN cents AS numeric(12,2) CHECK (VALUE >= 0);
        CREATE DOMAIN tags AS text[];
        CREATE TYPE pair AS (a int, b text);
        """;

    private static readonly string[] Columns =
    [
        "j json", "jb jsonb", "raw bytea", "at timestamptz", "stamp timestamp", "day date", "clock time", "zoned timetz", "span interval", "f4 real", "f8 double precision", "n numeric", "scaled numeric(20,6)",
        "price cents", "labels tags", "ints int[]", "texts text[]", "docs json[]", "how mood", "net inet", "range int4range", "bits bit(3)", "vb bit varying", "cash money", "two pair", "padded char(5)", "u uuid", "b boolean", "x xml", "big bigint",
    ];

    private const string Odd = """
        '{"b": 1,  "a":2, "b":3}', '{"b": 1.50, "a": [1,2]}', '\x00ff10', '2024-05-06 07:08:09.123456+02', '0044-03-15 10:00:00 BC', '-infinity', '23:59:59.999999', '12:00:00+05:30', '1 year 2 mons -3 days 04:05:06.7',
        '-0', 'NaN', 'NaN', 12345678901234.500000, 7.10, '{a,NULL,"b,c"}', '[0:2]={1,2,3}', '{{a,b},{c,d}}', ARRAY['{"z": 1,"z":2}']::json[], 'glad', '10.0.0.1', '[1,5)', B'101', B'10110', '1.50', ROW(1, 'x,"y')::pair, 'ab',
        '0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f', true, '<a>b</a>', 9223372036854775807
        """;

    private const string Other = """
        '[]', '"x"', '\x', 'infinity', '2024-01-01', '2024-02-29', '00:00', '00:00:00-12', '0', 1.1, 1e308, 1.0, 0.000001,
        0.00, '{}', '{NULL}', '{}', ARRAY['[ ]', NULL]::json[], 'sad', '::1/64', 'empty', B'000', B'', '-3.00', ROW(NULL, '')::pair, '', NULL, NULL, '', -9223372036854775808
        """;

    [Fact]
    public async Task Every_type_comes_back_to_the_last_bit()
    {
        var names = string.Join(", ", Columns.Select(c => c.Split(' ')[0]));
        await using var chain = await SyncFixture.CreateAsync($"""
            {Types}
            CREATE TABLE things (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, {string.Join(", ", Columns)}, twice numeric GENERATED ALWAYS AS (n * 2) STORED);
            INSERT INTO things (note, {names}) VALUES ('one', {Odd}), ('two', {Other}), ('three', {string.Join(", ", Columns.Select(_ => "NULL"))}), ('four', {Odd}), ('five', {Other});
            """);
        var till = await chain.TillAsync("T1", "CREATE TABLE things (id INTEGER PRIMARY KEY, note TEXT)");
        await till.SyncAsync();
        var before = await RollbackCase.CentralAsync(chain);
        till.Execute("DELETE FROM things WHERE id IN (1, 2, 3); UPDATE things SET note = 'changed' WHERE id IN (4, 5)");
        var run = await till.SyncAsync();

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Empty(report.Left);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
        var again = await chain.RollBackAsync(report.RunId!.Value, till);
        Assert.Empty(again.Left);
        Assert.Equal(["changed", "changed"], await chain.TextsAsync("SELECT note FROM things"));
        var third = await chain.RollBackAsync(again.RunId!.Value, till);
        Assert.Empty(third.Left);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
    }

    [Fact]
    public async Task Changed_values_of_every_type_come_back()
    {
        var names = Columns.Select(c => c.Split(' ')[0]).ToList();
        await using var chain = await SyncFixture.CreateAsync($"""
            {Types}
            CREATE TABLE things (id int PRIMARY KEY, {string.Join(", ", Columns)});
            INSERT INTO things VALUES (1, {Odd}), (2, {Other});
            """);
        var till = await chain.TillAsync("T1", $"CREATE TABLE things (id INTEGER PRIMARY KEY, {string.Join(", ", names.Select(n => n + " TEXT"))})");
        await till.SyncAsync();
        var before = await RollbackCase.CentralAsync(chain);
        var local = RollbackCase.Till(till);
        till.Execute($"UPDATE things SET {string.Join(", ", names.Select(n => n + " = NULL"))}");
        var run = await till.SyncAsync();
        Assert.Equal(2, run.Moved);

        var report = await chain.RollBackAsync(run.RunId, till);

        Assert.Empty(report.Left);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
        await till.SyncAsync();
        Assert.Equal(local, RollbackCase.Till(till));
    }

    [Fact]
    public async Task Composite_keys_and_references_to_the_same_table_go_back()
    {
        await using var chain = await SyncFixture.CreateAsync("""
            CREATE TABLE lines (doc int, line text, amount numeric, PRIMARY KEY (doc, line));
            CREATE TABLE groups (id int PRIMARY KEY, parent int REFERENCES groups, name text);
            INSERT INTO lines VALUES (1, 'a "q" \', 1.5), (1, 'b,c', 2), (2, '["x"]', 3);
            INSERT INTO groups VALUES (1, NULL, 'root'), (2, 1, 'leaf'), (3, 2, 'twig');
            """);
        var till = await chain.TillAsync("T1", "CREATE TABLE lines (doc INTEGER, line TEXT, amount TEXT, PRIMARY KEY (doc, line)) WITHOUT ROWID; CREATE TABLE groups (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES groups(id), name TEXT)");
        await till.SyncAsync();
        var (before, local) = (await RollbackCase.CentralAsync(chain), RollbackCase.Till(till));
        till.Execute("DELETE FROM lines WHERE doc = 2; UPDATE lines SET amount = '9' WHERE line LIKE 'a%'; INSERT INTO lines VALUES (3, '', '1'); INSERT INTO groups VALUES (4, 3, 'new'), (5, 4, 'newer'), (6, 5, 'newest'); DELETE FROM groups WHERE id = 99; UPDATE groups SET parent = 1 WHERE id = 3; DELETE FROM groups WHERE id = 2");
        var run = await till.SyncAsync();

        var report = await chain.RollBackAsync(run.RunId, till);
        Assert.Empty(report.Left);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
        await till.SyncAsync();
        Assert.Equal(local, RollbackCase.Till(till));

        await chain.Database.ExecuteAsync("DELETE FROM lines WHERE doc = 1; INSERT INTO groups VALUES (7, 3, 'x'), (8, 7, 'y'); UPDATE lines SET amount = 4");
        var push = await till.SyncAsync();
        Assert.Empty((await chain.RollBackAsync(push.RunId, till)).Left);
        Assert.Equal(local, RollbackCase.Till(till));
    }

    [Fact]
    public async Task Rows_that_stand_in_each_others_way_go_back_round_by_round()
    {
        await using var chain = await SyncFixture.CreateAsync("CREATE TABLE pages (id int PRIMARY KEY, slug text UNIQUE); INSERT INTO pages VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        var till = await chain.TillAsync("T1", "CREATE TABLE pages (id INTEGER PRIMARY KEY, slug TEXT)");
        await till.SyncAsync();
        var before = await RollbackCase.CentralAsync(chain);
        till.Execute("DELETE FROM pages WHERE id = 1");
        await till.SyncAsync();
        await chain.Database.ExecuteAsync("INSERT INTO pages VALUES (1, 'a')");
        await till.SyncAsync();
        // c takes b's value, b takes a new one: each can only go back when the other has.
        till.Execute("UPDATE pages SET slug = 'd' WHERE id = 2");
        till.Execute("UPDATE pages SET slug = 'b' WHERE id = 3");
        var run = await till.SyncAsync();

        var report = await chain.RollBackAsync(run.RunId, till);
        Assert.Empty(report.Left);
        Assert.Equal(before, await RollbackCase.CentralAsync(chain));
    }
}
