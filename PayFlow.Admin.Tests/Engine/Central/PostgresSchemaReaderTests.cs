using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central;

public sealed class PostgresSchemaReaderTests
{
    [Fact]
    public async Task Only_the_chains_tables_are_read()
    {
        var schema = await ReadAsync("""
            CREATE SCHEMA payflow; CREATE TABLE payflow.secret (id int PRIMARY KEY);
            CREATE SCHEMA quartz; CREATE TABLE quartz.qrtz_jobs (id int PRIMARY KEY);
            CREATE TABLE system_settings (setting_key text PRIMARY KEY);
            CREATE TABLE _prisma_migrations (id text PRIMARY KEY);
            CREATE TABLE "__EFMigrationsHistory" (id text PRIMARY KEY);
            CREATE TABLE products (id int PRIMARY KEY);
            CREATE VIEW cheap AS SELECT * FROM products;
            CREATE MATERIALIZED VIEW dear AS SELECT * FROM products;
            CREATE TABLE sales (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE sales_2024 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            """);
        Assert.Equal(["products", "sales"], schema.Tables.Select(t => t.Name));
        Assert.Equal(["id", "day"], schema.Find("sales")!.Key);
        Assert.True(schema.Find("products")!.Oid > 0);
    }

    [Fact]
    public async Task Columns_are_described_down_to_the_base_type()
    {
        var table = (await ReadAsync("""
            CREATE DOMAIN amount AS numeric(15, 4) NOT NULL DEFAULT 0;
            CREATE DOMAIN net AS amount;
            CREATE TYPE mood AS ENUM ('good', 'bad');
            CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, price numeric(10, 2) NOT NULL DEFAULT 1.5, total net,
                            twice numeric GENERATED ALWAYS AS (price * 2) STORED, code varchar(12), padded char(3), tags text[], at timestamptz(3) DEFAULT now(),
                            day date, hour time, plain timestamp, uid uuid, doc jsonb, raw bytea, ok boolean, ratio real, cash money, m mood, gone int, span interval);
            ALTER TABLE t DROP COLUMN gone;
            """)).Find("t")!;
        Assert.Null(table.Find("gone"));
        Assert.True(table.Find("id")!.IsAutoNumber);
        Assert.Null(table.Find("id")!.Default);
        Assert.True(table.Find("n")!.IsAutoNumber);
        Assert.Equal(("numeric(10,2)", true, "1.5", LogicalType.Decimal), Facts("price"));
        Assert.Equal(("net", true, "0", LogicalType.Decimal), Facts("total"));
        var total = table.Find("total")!;
        Assert.True(total.IsDomain);
        Assert.Equal(("numeric", ((15 << 16) | 4) + 4), (total.BaseType, total.TypeModifier));
        Assert.True(table.Find("twice")!.IsGenerated);
        Assert.Null(table.Find("twice")!.Default);
        Assert.Equal(("character varying(12)", false, null, LogicalType.Text), Facts("code"));
        Assert.Equal(16, table.Find("code")!.TypeModifier);
        Assert.Equal("_text", table.Find("tags")!.BaseType);
        Assert.Equal("now()", table.Find("at")!.Default);
        Assert.Equal(
            "FixedText Other TimestampTz Date Time Timestamp Uuid Json Bytes Boolean Float Decimal Other Other",
            string.Join(' ', "padded tags at day hour plain uid doc raw ok ratio cash m span".Split(' ').Select(c => table.Find(c)!.Logical)));

        (string, bool, string?, LogicalType) Facts(string column) => table.Find(column) is { } c ? (c.Type, c.NotNull, c.Default, c.Logical) : default;
    }

    [Fact]
    public async Task Keys_indexes_and_foreign_keys_are_read()
    {
        var schema = await ReadAsync("""
            CREATE TABLE parent (a int, b int, note text, PRIMARY KEY (b, a));
            CREATE TABLE child (id int PRIMARY KEY, x int, y int, z int UNIQUE DEFERRABLE,
                                CONSTRAINT up FOREIGN KEY (x, y) REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE);
            CREATE UNIQUE INDEX child_some ON child (x) WHERE y > 0;
            CREATE UNIQUE INDEX child_lower ON child (abs(x));
            CREATE UNIQUE INDEX child_more ON child (x) INCLUDE (y);
            CREATE INDEX child_hash ON child USING hash (x);
            CREATE TABLE by_code (code text NOT NULL, other text);
            CREATE UNIQUE INDEX by_code_other ON by_code (other);
            CREATE UNIQUE INDEX by_code_code ON by_code (code);
            CREATE TABLE loose (id int);
            """);
        Assert.Equal(["b", "a"], schema.Find("parent")!.Key);
        var child = schema.Find("child")!;
        var up = Assert.Single(child.ForeignKeys);
        Assert.Equal(("up", "parent", "CASCADE", "SET NULL", true), (up.Name, up.ParentTable, up.OnDelete, up.OnUpdate, up.IsDeferrable));
        Assert.Equal(["x", "y"], up.Columns);
        Assert.Equal(["b", "a"], up.ParentColumns);
        Assert.Equal("child_more", Assert.Single(child.Indexes, i => i.IsPlain).Name);
        Assert.Equal(["x"], child.Indexes.Single(i => i.Name == "child_more").Columns);
        Assert.Equal(5, child.Indexes.Count);
        Assert.Equal(["code"], schema.Find("by_code")!.Key);
        Assert.Empty(schema.Find("loose")!.Key);
    }

    [Fact]
    public async Task The_search_path_decides_which_table_answers_to_the_bare_name()
    {
        var schema = await ReadAsync("""
            CREATE SCHEMA archive; CREATE SCHEMA shop;
            CREATE TABLE archive.orders (id int PRIMARY KEY); CREATE TABLE public.orders (id int PRIMARY KEY);
            CREATE TABLE shop.lines (id int PRIMARY KEY, old int REFERENCES archive.orders, new int REFERENCES public.orders);
            CREATE TABLE "Orders" (id int PRIMARY KEY);
            """);
        Assert.Equal("public", schema.Find("orders")!.Schema);
        Assert.Equal("archive", schema.Find("archive.orders")!.Schema);
        Assert.Equal("Orders", schema.Find("Orders")!.Name);
        Assert.Equal("shop", schema.Find("lines")!.Schema);
        Assert.Equal(["orders", "archive.orders"], schema.Find("shop.lines")!.ForeignKeys.OrderBy(f => f.Name).Select(f => f.ParentTable));
    }

    [Fact]
    public async Task Only_enabled_triggers_of_others_count()
    {
        var schema = await ReadAsync("""
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a);
            CREATE TRIGGER payflow_log AFTER INSERT ON a EXECUTE FUNCTION f();
            CREATE TRIGGER stock AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();
            CREATE TRIGGER off AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION f();
            ALTER TABLE c DISABLE TRIGGER off;
            """);
        Assert.Equal([false, true, false], new[] { "a", "b", "c" }.Select(t => schema.Find(t)!.HasUserTriggers));
    }

    [Fact]
    public async Task A_collation_that_ignores_case_is_noticed()
    {
        var table = (await ReadAsync("""
            CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE t (a text COLLATE nocase PRIMARY KEY, b text);
            """)).Find("t")!;
        Assert.Equal([true, false], table.Columns.Select(c => c.IsCaseInsensitive));
    }

    [Fact]
    public async Task Citext_ignores_case_where_the_server_has_it()
    {
        await using var central = await CentralDatabase.CreateAsync();
        if (await central.ScalarAsync<long>("SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'") == 0)
            return;
        await central.ExecuteAsync("CREATE EXTENSION citext; CREATE DOMAIN email AS citext; CREATE TABLE t (a citext, b email);");
        var table = (await ReadAsync(central)).Find("t")!;
        Assert.All(table.Columns, c => Assert.True(c.IsCaseInsensitive));
        Assert.All(table.Columns, c => Assert.Equal("citext", c.BaseType));
    }

    private static async Task<DatabaseSchema> ReadAsync(string ddl)
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync(ddl);
        return await ReadAsync(central);
    }

    private static async Task<DatabaseSchema> ReadAsync(CentralDatabase central)
    {
        await using NpgsqlConnection connection = await central.DataSource.OpenConnectionAsync();
        return await PostgresSchemaReader.ReadAsync(connection, CancellationToken.None);
    }
}
