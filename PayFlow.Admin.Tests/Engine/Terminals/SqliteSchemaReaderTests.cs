using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Terminals;

public sealed class SqliteSchemaReaderTests
{
    [Fact]
    public void Only_the_tables_of_the_POS_program_are_read()
    {
        var schema = Read("""
            CREATE TABLE products (id INTEGER PRIMARY KEY AUTOINCREMENT);
            CREATE VIEW cheap AS SELECT * FROM products;
            CREATE VIEW broken AS SELECT * FROM absent;
            CREATE VIRTUAL TABLE search USING fts5(body);
            PRAGMA writable_schema = ON;
            INSERT INTO sqlite_schema VALUES ('table', 'foreign_module', 'foreign_module', 0, 'CREATE VIRTUAL TABLE foreign_module USING no_such_module(x)');
            CREATE TABLE sync_queue (id TEXT PRIMARY KEY);
            CREATE TABLE sync_log (id TEXT PRIMARY KEY);
            CREATE TABLE payflow_state (id TEXT PRIMARY KEY);
            CREATE TABLE payflowers (id TEXT PRIMARY KEY);
            CREATE TABLE system_settings (setting_key TEXT PRIMARY KEY);
            """);
        Assert.Equal(["payflowers", "products"], schema.Tables.Select(t => t.Name));
    }

    [Fact]
    public void Names_with_spaces_quotes_and_key_words_are_read()
    {
        var schema = Read("""
            CREATE TABLE "order" ("group" TEXT PRIMARY KEY, "it's ""odd"" one" DATE, [a b] INT);
            CREATE TABLE "Order Details" ("select" TEXT REFERENCES "ORDER", "größe" REAL);
            CREATE INDEX "my index" ON "Order Details" ("select");
            INSERT INTO "order" VALUES ('x', '2024-01-31', 1);
            """);
        var order = schema.Find("ORDER")!;
        Assert.Equal(["group", "it's \"odd\" one", "a b"], order.Columns.Select(c => c.Name));
        Assert.Equal(InstantStyle.DateOnly, order.Find("it's \"odd\" one")!.InstantStyle);
        var details = schema.Find("order details")!;
        Assert.Equal("my index", Assert.Single(details.Indexes).Name);
        var key = Assert.Single(details.ForeignKeys);
        Assert.Equal(["group"], key.ParentColumns);
        Assert.NotNull(details.Find("größe"));
    }

    [Fact]
    public void Keys_of_every_kind_are_understood()
    {
        var schema = Read("""
            CREATE TABLE autoinc (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT DEFAULT 'AUTOINCREMENT');
            CREATE TABLE rowid_key (id integer NOT NULL, PRIMARY KEY (id));
            CREATE TABLE descending (id INTEGER PRIMARY KEY DESC);
            CREATE TABLE "int" (id INT PRIMARY KEY);
            CREATE TABLE pair (a TEXT, b TEXT, c TEXT, PRIMARY KEY (c, a)) WITHOUT ROWID;
            CREATE TABLE natural (id INTEGER, code TEXT NOT NULL, other TEXT NOT NULL, UNIQUE (code));
            CREATE UNIQUE INDEX natural_partial ON natural (other) WHERE id > 1;
            CREATE UNIQUE INDEX natural_late ON natural (other);
            CREATE TABLE none (a TEXT UNIQUE);
            """);
        Assert.True(schema.Find("autoinc")!.IsAutoIncrement);
        Assert.True(schema.Find("autoinc")!.Columns[0].IsAutoNumber);
        Assert.False(schema.Find("rowid_key")!.IsAutoIncrement);
        Assert.True(schema.Find("rowid_key")!.Columns[0].IsAutoNumber);
        Assert.False(schema.Find("descending")!.Columns[0].IsAutoNumber);
        Assert.False(schema.Find("int")!.Columns[0].IsAutoNumber);
        var pair = schema.Find("pair")!;
        Assert.True(pair.WithoutRowid);
        Assert.Equal(["c", "a"], pair.Key);
        Assert.True(pair.Find("c")!.NotNull);
        Assert.Equal(["code"], schema.Find("natural")!.Key);
        Assert.Equal([true, false, true], schema.Find("natural")!.Indexes.Select(i => i.IsPlain));
        Assert.Empty(schema.Find("none")!.Key);
    }

    [Fact]
    public void Generated_columns_defaults_collations_and_expression_indexes_are_marked()
    {
        var table = Read("""
            CREATE TABLE t (id INTEGER PRIMARY KEY, price NUMERIC(10, 2) NOT NULL DEFAULT 1.5, stored INT GENERATED ALWAYS AS (price * 2) STORED,
                            virtual AS (price * 3), sku TEXT COLLATE NOCASE);
            CREATE UNIQUE INDEX t_lower ON t (lower(sku));
            """).Find("t")!;
        Assert.Equal(["id", "price", "stored", "virtual", "sku"], table.Columns.Select(c => c.Name));
        Assert.Equal([false, false, true, true, false], table.Columns.Select(c => c.IsGenerated));
        Assert.Equal(("NUMERIC(10, 2)", true, "1.5"), (table.Columns[1].Type, table.Columns[1].NotNull, table.Columns[1].Default));
        Assert.True(table.Find("sku")!.IsCaseInsensitive);
        Assert.False(Assert.Single(table.Indexes).IsPlain);
    }

    [Fact]
    public void Foreign_keys_have_their_actions_and_the_parents_key()
    {
        var keys = Read("""
            CREATE TABLE parent (a TEXT, b TEXT, u TEXT UNIQUE, PRIMARY KEY (b, a));
            CREATE TABLE child (id INTEGER PRIMARY KEY, x TEXT, y TEXT, z TEXT REFERENCES parent (u) ON DELETE SET NULL,
                                FOREIGN KEY (x, y) REFERENCES parent ON DELETE CASCADE ON UPDATE RESTRICT);
            """).Find("child")!.ForeignKeys;
        Assert.Equal(2, keys.Count);
        var pair = Assert.Single(keys, k => k.Columns.Count == 2);
        Assert.Equal(["b", "a"], pair.ParentColumns);
        Assert.Equal(("CASCADE", "RESTRICT"), (pair.OnDelete, pair.OnUpdate));
        Assert.Equal("SET NULL", Assert.Single(keys, k => k.Columns.Count == 1).OnDelete);
    }

    [Fact]
    public void Only_triggers_of_others_count()
    {
        var schema = Read("""
            CREATE TABLE a (id INTEGER PRIMARY KEY);
            CREATE TABLE b (id INTEGER PRIMARY KEY);
            CREATE TRIGGER payflow_a AFTER INSERT ON a BEGIN SELECT 1; END;
            CREATE TRIGGER stock AFTER INSERT ON B BEGIN SELECT 1; END;
            """);
        Assert.False(schema.Find("a")!.HasUserTriggers);
        Assert.True(schema.Find("b")!.HasUserTriggers);
    }

    [Theory]
    [InlineData("DATETIME", "'2024-01-31T23:59:59.123Z'", InstantStyle.IsoZulu)]
    [InlineData("TEXT", "'2024-01-31T23:59:59+02:00'", InstantStyle.IsoZulu)]
    [InlineData("TEXT", "'2024-01-31T23:59:59'", InstantStyle.IsoLocal)]
    [InlineData("TEXT", "'2024-01-31 23:59:59'", InstantStyle.Space)]
    [InlineData("DATE", "'2024-01-31'", InstantStyle.DateOnly)]
    [InlineData("DATE", "'2024-01-31'), ('2024-01-31 10:00:00'), ('2024-01-31 11:00:00'", InstantStyle.DateOnly)]
    [InlineData("INTEGER", "1706745599", InstantStyle.EpochSeconds)]
    [InlineData("BIGINT", "0), (1706745599123", InstantStyle.EpochMilliseconds)]
    [InlineData("INTEGER", "NULL", InstantStyle.EpochMilliseconds)]
    [InlineData("DATETIME", "NULL", InstantStyle.Default)]
    [InlineData("TEXT", "'2024-01-31'), ('hello'), ('world'", InstantStyle.Default)]
    [InlineData("TEXT", "x'00'), (x'01'), (9223372036854775807", InstantStyle.Default)]
    public void A_column_shows_how_it_spells_instants(string type, string values, InstantStyle expected)
    {
        var table = Read($"CREATE TABLE t (at {type}); INSERT INTO t VALUES ({values});").Find("t")!;
        Assert.Equal(expected, table.Columns[0].InstantStyle);
    }

    [Fact]
    public void The_smallest_integer_breaks_nothing() =>
        Assert.Equal(InstantStyle.EpochMilliseconds, Read("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (-9223372036854775808);").Find("t")!.Columns[0].InstantStyle);

    [NorthwindFact]
    public void Northwind_is_read_whole()
    {
        using var connection = Northwind.Open();
        var schema = SqliteSchemaReader.Read(connection);
        var details = schema.Find("Order Details")!;
        Assert.Equal(["OrderID", "ProductID"], details.Key);
        Assert.Equal(["OrderID"], details.ForeignKeys.Single(f => f.ParentTable == "Orders").ParentColumns);
        Assert.True(schema.Find("Orders")!.IsAutoIncrement);
        Assert.Null(schema.Find("sqlite_sequence"));
        Assert.NotEqual(InstantStyle.Default, schema.Find("Orders")!.Find("OrderDate")!.InstantStyle);
    }

    private static DatabaseSchema Read(string ddl)
    {
        using var file = new TerminalFile(ddl);
        using var connection = file.Open();
        return SqliteSchemaReader.Read(connection);
    }
}
