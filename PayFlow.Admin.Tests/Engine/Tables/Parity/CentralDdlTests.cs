using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables.Parity;

public sealed class CentralDdlTests
{
    /// <summary>Declared type, values, the PostgreSQL type to be chosen.</summary>
    public static TheoryData<string, string, string> Choices { get; } = new()
    {
        { "INTEGER", "1, 9223372036854775807", "bigint" },
        { "INTEGER", "1, 2.5", "numeric" },
        { "INTEGER", "1, 'many'", "text" },
        { "NUMERIC", "1, 2.5", "numeric" },
        { "DECIMAL(10,2)", "'12.50', 1", "numeric" },
        { "DECIMAL(10,2)", "'n/a'", "text" },
        { "REAL", "1, 2.5", "double precision" },
        { "TEXT", "'1', '2024-01-01'", "text" },
        { "BLOB", "x'00'", "bytea" },
        { "BLOB", "'text'", "text" },
        { "VARCHAR(10)", "x'00'", "bytea" },
        { "DATE", "'2024-01-31', NULL", "date" },
        { "DATE", "'2024-01-31 10:00:00'", "timestamp without time zone" },
        { "DATE", "'2024-02-31'", "text" },
        { "DATE", "''", "text" },
        { "DATETIME", "'2024-01-31', '2024-01-31T10:00:00.123456'", "timestamp without time zone" },
        { "DATETIME", "'2024-01-31T10:00:00Z'", "timestamp with time zone" },
        { "DATETIME", "'2024-01-31T10:00:00Z', '2024-01-31 10:00:00'", "text" },
        { "DATETIME", "'2024-01-31T10:00:00+02:00'", "text" },
        { "DATETIME", "'2024-01-31T10:00:00.1234567'", "text" },
        { "DATETIME", "1706695200000", "bigint" },
        { "TIME", "'10:30'", "time without time zone" },
        { "BOOLEAN", "0, 1, NULL", "boolean" },
        { "BOOLEAN", "0, 2", "bigint" },
        { "BOOLEAN", "'true'", "text" },
        { "UUID", "'6f9619ff-8b86-d011-b42d-00cf4fc964ff'", "uuid" },
        { "UUID", "'6F9619FF-8B86-D011-B42D-00CF4FC964FF'", "text" },
        { "JSON", "'{\"a\": 1}'", "json" },
        { "JSON", "'{'", "text" },
        { "", "1, 2", "bigint" },
        { "", "1.5", "double precision" },
        { "", "1, 1.5", "numeric" },
        { "", "NULL", "text" },
        { "STRING", "'x'", "text" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void What_a_column_holds_decides_its_type(string declared, string values, string expected)
    {
        using var file = new TerminalFile(Till("t", declared, values));
        using var connection = file.Open();
        var terminal = SqliteSchemaReader.Read(connection);

        var script = CentralDdl.Create(terminal, new DatabaseSchema([]), null, TerminalSurvey.Read(connection, terminal));

        Assert.Contains($"\"v\" {expected},", Assert.Single(script.Statements).Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostgreSQL_takes_every_value_in_the_type_that_was_chosen()
    {
        await using var given = await ProvisionCase.CreateAsync(string.Concat(Choices.Select((c, i) => Till($"t{i}", (string)c[0], (string)c[1]))));

        await given.ProvisionCentralAsync();

        await using var connection = await given.Central.DataSource.OpenConnectionAsync();
        var central = await given.CentralSchemaAsync();
        foreach (var table in given.TerminalSchema().Tables)
            await RowCopy.ToCentralAsync(given.Terminal, table, connection, central.Find(table.Name)!);
    }

    [Fact]
    public async Task A_value_that_breaks_the_declared_type_is_named()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE t (k TEXT PRIMARY KEY, sold DATE); INSERT INTO t VALUES ('a', 'yesterday');");

        var script = await given.ProvisionCentralAsync();

        var note = Assert.Single(script.Notes);
        Assert.Equal("sold is declared DATE but holds 'yesterday'; it becomes text, so that no value is lost", note.Message);
    }

    [Fact]
    public async Task A_linked_table_gets_a_key_of_its_own_and_references_follow_it()
    {
        await using var given = await ProvisionCase.CreateAsync(
            """
            CREATE TABLE customers (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT, name TEXT NOT NULL, sync_status TEXT, sync_operation TEXT, last_sync_at TEXT, terminal_id TEXT);
            CREATE TABLE orders (id INTEGER PRIMARY KEY, server_id TEXT UNIQUE, customer_id INTEGER REFERENCES customers (local_id) ON DELETE SET NULL, total NUMERIC);
            INSERT INTO customers (name) VALUES ('Ann');
            INSERT INTO orders (customer_id, total) VALUES (1, 9.5);
            """);

        await given.ProvisionCentralAsync();

        var made = await given.CentralSchemaAsync();
        Assert.Equal(["id", "name"], made.Find("customers")!.Columns.Select(c => c.Name));
        Assert.Equal(["id", "customer_id", "total"], made.Find("orders")!.Columns.Select(c => c.Name));
        Assert.Equal("character varying(36)", made.Find("orders")!.Find("customer_id")!.Type);
        var key = Assert.Single(made.Find("orders")!.ForeignKeys);
        Assert.Equal(("customers", "id", "SET NULL"), (key.ParentTable, key.ParentColumns[0], key.OnDelete));
        await given.Central.ExecuteAsync("INSERT INTO customers (name) VALUES ('Bob')");
        Assert.Equal(36, (await given.Central.ScalarAsync<string>("SELECT id FROM customers"))!.Length);

        var plan = await given.PlanAsync();
        Assert.All(plan.Tables, t => Assert.Equal(KeyMode.Linked, t.KeyMode));
        Assert.Equal("customers", plan.Find("orders")!.Columns.Single(c => c.Terminal.Name == "customer_id").References);
        Assert.True((await given.CompareAsync()).IsUsable);
    }

    [Fact]
    public async Task The_map_decides_names_and_columns()
    {
        await using var given = await ProvisionCase.CreateAsync(
            """
            CREATE TABLE products (id TEXT PRIMARY KEY, stock_quantity INTEGER, secret TEXT);
            CREATE TABLE stock (id TEXT PRIMARY KEY REFERENCES products (id));
            CREATE TABLE other (id TEXT PRIMARY KEY);
            """);
        var map = new TableMap(
        [
            new TableMapEntry { Name = "products", CentralName = "shop.goods", Renames = new Dictionary<string, string> { ["stock_quantity"] = "master_stock_quantity" }, Exclude = ["secret"] },
            new TableMapEntry { Name = "stock", CentralName = "shop.stock" },
            new TableMapEntry { Name = "other", Enabled = false },
        ]);

        await given.ProvisionCentralAsync(map);

        var made = await given.CentralSchemaAsync();
        Assert.Equal(["goods", "stock"], made.Tables.Select(t => t.Name).Order());
        Assert.Equal(["id", "master_stock_quantity"], made.Find("shop.goods")!.Columns.Select(c => c.Name));
        Assert.Equal("goods", Assert.Single(made.Find("shop.stock")!.ForeignKeys).ParentTable);
        Assert.True((await given.CompareAsync(map)).IsUsable);
    }

    [Fact]
    public async Task A_missing_column_is_added_and_rows_stay_as_they_are()
    {
        await using var given = await ProvisionCase.CreateAsync(
            "CREATE TABLE colour (id TEXT PRIMARY KEY); CREATE TABLE item (id TEXT PRIMARY KEY, name TEXT, price NUMERIC NOT NULL DEFAULT 1, colour_id TEXT REFERENCES colour (id)); CREATE INDEX by_price ON item (price);",
            "CREATE TABLE item (id text PRIMARY KEY, name varchar(20)); INSERT INTO item VALUES ('a', 'A');");

        await given.ProvisionCentralAsync();

        Assert.Equal("(a,A,1,)", await given.Central.ScalarAsync<string>("SELECT i::text FROM item i"));
        var item = (await given.CentralSchemaAsync()).Find("item")!;
        Assert.Equal("character varying(20)", item.Find("name")!.Type);
        Assert.Equal("item_by_price", Assert.Single(item.Indexes).Name);
        Assert.Single(item.ForeignKeys);
    }

    [Fact]
    public async Task Identity_goes_on_behind_the_numbers_that_are_taken()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT); INSERT INTO t VALUES (41, 'x');");
        await given.ProvisionCentralAsync();
        Assert.Equal(42L, await given.Central.ScalarAsync<long>("INSERT INTO t (name) VALUES ('y') RETURNING id"));
    }

    [Fact]
    public async Task Defaults_keep_their_meaning_or_are_named()
    {
        await using var given = await ProvisionCase.CreateAsync(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'it''s', b INTEGER DEFAULT (5), c BOOLEAN DEFAULT 1, d DATETIME DEFAULT CURRENT_TIMESTAMP,
                e DATETIME DEFAULT (datetime('now')), f TEXT DEFAULT (lower(hex(randomblob(16)))), g DATE DEFAULT (date('now')), h TEXT DEFAULT NULL, i NUMERIC DEFAULT -1.50, j TEXT DEFAULT (datetime('now')));
            """);

        var script = await given.ProvisionCentralAsync();

        await given.Central.ExecuteAsync("INSERT INTO t (id) VALUES (1)");
        Assert.Equal("it's|5|t|t|t|t|-1.50|t", await given.Central.ScalarAsync<string>(
            """
            SELECT concat_ws('|', a, b, c, abs(extract(epoch FROM d - now() AT TIME ZONE 'UTC')) < 60, abs(extract(epoch FROM e - now() AT TIME ZONE 'UTC')) < 60,
                             g >= current_date - 1, i, h IS NULL AND f IS NULL AND j::timestamp > now() AT TIME ZONE 'UTC' - interval '1 minute') FROM t
            """));
        Assert.Equal("f", Assert.Single(script.Notes).Column);
    }

    [Fact]
    public async Task Indexes_of_one_name_and_long_names_get_names_of_their_own()
    {
        var table = "receipts_of_the_northern_warehouse_and_all_its_branches";
        await using var given = await ProvisionCase.CreateAsync(
            $"""
            CREATE TABLE a (id TEXT PRIMARY KEY, x TEXT UNIQUE, y TEXT COLLATE NOCASE);
            CREATE TABLE a_idx (id TEXT PRIMARY KEY, x TEXT);
            CREATE TABLE {table} (id TEXT PRIMARY KEY, a_rather_long_column_name TEXT UNIQUE, x TEXT);
            CREATE INDEX idx ON a (x, y);
            CREATE UNIQUE INDEX nocase ON a (y);
            CREATE INDEX part ON a (y) WHERE x IS NOT NULL;
            CREATE INDEX expr ON a (lower(y));
            """);

        var script = await given.ProvisionCentralAsync();

        var made = await given.CentralSchemaAsync();
        Assert.Equal(["a_idx_2", "a_nocase", "a_x_key"], made.Find("a")!.Indexes.Select(i => i.Name).Order());
        Assert.StartsWith("receipts_of_the", Assert.Single(made.Find(table)!.Indexes).Name, StringComparison.Ordinal);
        Assert.Equal(3, script.Notes.Count);
        Assert.Contains(script.Notes, n => n.Remedy == "CREATE UNIQUE INDEX ON \"a\" (lower(\"y\"::text))");
    }

    [Fact]
    public async Task A_name_that_PostgreSQL_would_cut_is_refused()
    {
        await using var given = await ProvisionCase.CreateAsync($"CREATE TABLE {new string('ä', 32)} (id TEXT PRIMARY KEY)");
        var error = await Assert.ThrowsAsync<SyncException>(() => given.ProvisionCentralAsync());
        Assert.Equal($"the table name '{new string('ä', 32)}' is longer than the 63 bytes that PostgreSQL allows", error.Message);
        Assert.Contains(await Findings(given), f => f.Message == error.Message);
    }

    [Fact]
    public async Task A_table_without_a_key_is_refused_by_name_and_the_rest_is_made()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE loose (x TEXT); CREATE TABLE firm (id TEXT PRIMARY KEY, x TEXT REFERENCES loose (x));");
        var script = await given.ProvisionCentralAsync();
        Assert.Equal("firm", Assert.Single((await given.CentralSchemaAsync()).Tables).Name);
        Assert.Contains(script.Notes, n => n is { Severity: FindingSeverity.Error, Table: "loose", Remedy: not null });
        Assert.Contains(script.Notes, n => n.Message == "the foreign key (x) to loose is left out: central will have no table loose");
    }

    [Fact]
    public async Task Two_tables_that_would_become_one_are_named_and_a_dot_in_a_name_is_no_schema()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE \"a.b\" (id TEXT PRIMARY KEY); CREATE TABLE c (id TEXT PRIMARY KEY);");
        var map = new TableMap([new TableMapEntry { Name = "c" }, new TableMapEntry { Name = "a.b", CentralName = "C" }]);

        using (var connection = given.Terminal.Open())
        {
            var script = CentralDdl.Create(given.TerminalSchema(), new DatabaseSchema([]), map, TerminalSurvey.Read(connection, given.TerminalSchema()));
            Assert.Equal("c and a.b both travel to central's C", Assert.Single(script.Notes).Message);
        }
        await given.ProvisionCentralAsync();
        Assert.Equal(["a.b", "c"], (await given.CentralSchemaAsync()).Tables.Select(t => t.Name).Order());
    }

    [Fact]
    public async Task Circles_and_self_references_work()
    {
        await using var given = await ProvisionCase.CreateAsync(
            """
            PRAGMA foreign_keys = OFF;
            CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b, boss INTEGER REFERENCES a);
            CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a);
            INSERT INTO a VALUES (1, 7, 1);
            """);
        var script = await given.ProvisionCentralAsync();
        Assert.Equal(2, (await given.CentralSchemaAsync()).Find("a")!.ForeignKeys.Count);
        Assert.Contains(script.Notes, n => n.Message == "1 row refers to b rows that do not exist; central will refuse it");
    }

    [Fact]
    public async Task A_refused_statement_leaves_nothing_behind()
    {
        await using var given = await ProvisionCase.CreateAsync("CREATE TABLE a (id TEXT PRIMARY KEY); CREATE TABLE b (id TEXT PRIMARY KEY);", "CREATE VIEW b AS SELECT 1 AS x");
        var error = await Assert.ThrowsAsync<SyncException>(() => given.ProvisionCentralAsync());
        Assert.Equal("cannot create table b on the central side: relation \"b\" already exists", error.Message);
        Assert.Empty((await given.CentralSchemaAsync()).Tables);
    }

    private static string Till(string table, string declared, string values) =>
        $"CREATE TABLE {table} (k TEXT PRIMARY KEY, v {declared});" + string.Concat(values.Split(", ").Select((v, i) => $"INSERT INTO {table} VALUES ('{i}', {v});"));

    private static async Task<IReadOnlyList<SchemaFinding>> Findings(ProvisionCase given) => (await given.CompareAsync()).Findings;
}
