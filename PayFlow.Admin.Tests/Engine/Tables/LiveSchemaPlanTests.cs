using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

/// <summary>The planner over what the two readers find in real databases.</summary>
public sealed class LiveSchemaPlanTests
{
    [Fact]
    public async Task A_POS_with_keys_of_its_own_is_planned_against_a_central_with_texts_as_keys()
    {
        using var till = new TerminalFile("""
            CREATE TABLE products (local_id INTEGER PRIMARY KEY AUTOINCREMENT, server_id TEXT UNIQUE, sku TEXT, stock_quantity INTEGER, price TEXT,
                                   updated_at DATETIME, deleted_at DATETIME, sync_status TEXT DEFAULT 'PENDING', last_sync_at DATETIME);
            CREATE TABLE "order" (id TEXT PRIMARY KEY, total NUMERIC, terminal_id TEXT) WITHOUT ROWID;
            CREATE TABLE "order lines" ("order" TEXT REFERENCES "Order", line INTEGER, product INTEGER REFERENCES products, gross REAL AS (1) STORED, PRIMARY KEY ("order", line));
            """);
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("""
            CREATE SCHEMA shop;
            CREATE TABLE products (id text PRIMARY KEY, sku text UNIQUE, master_stock_quantity int, price numeric(15, 4), updated_at timestamptz NOT NULL, deleted_at timestamptz);
            CREATE TABLE shop."order" (id text PRIMARY KEY, total numeric, terminal_id text);
            CREATE TABLE shop.lines (line int, "order" text REFERENCES shop."order", product text REFERENCES products, gross numeric, PRIMARY KEY (line, "order"));
            """);
        var map = new TableMap(
        [
            new() { Name = "order lines", CentralName = "shop.lines" },
            new() { Name = "order", CentralName = "shop.order", Filter = "terminal_id = {terminal.code}" },
            new() { Name = "products", Renames = new Dictionary<string, string> { ["stock_quantity"] = "master_stock_quantity" }, Match = ["sku"], Conflicts = ConflictPolicy.LastWriterWins },
        ]);

        var plan = await BuildAsync(map, till, central);

        Assert.Equal(["order", "products", "order lines"], plan.Tables.Select(t => t.Name));
        Assert.Empty(plan.Warnings);
        var products = plan.Find("products")!;
        Assert.Equal(KeyMode.Linked, products.KeyMode);
        Assert.Equal(["sku", "master_stock_quantity", "price", "updated_at", "deleted_at"], products.Columns.Select(c => c.Central.Name));
        Assert.NotNull(products.SoftDelete);
        var lines = plan.Find("order lines")!;
        Assert.Equal(["line", "order"], lines.TerminalKey.Select(c => c.Name));
        Assert.Equal("products", lines.Columns.Single(c => c.Terminal.Name == "product").References);
        Assert.True(lines.Columns.Single(c => c.Terminal.Name == "gross").IsGeneratedInTerminal);
    }

    [Fact]
    public async Task A_filter_is_SQL_that_central_understands()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await central.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY, store_id int); INSERT INTO t VALUES (1, 7), (2, 8), (3, 7)");
        var condition = RowFilter.Parse("t", "store_id = {terminal.store_id} OR {terminal.store_id} = '9'").ToSql(_ => "$1");
        await using var command = central.DataSource.CreateCommand($"SELECT count(*) FROM t WHERE {condition}");
        command.Parameters.Add(new NpgsqlParameter { Value = "7", NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown });
        Assert.Equal(2L, await command.ExecuteScalarAsync());
    }

    private static async Task<SyncPlan> BuildAsync(TableMap map, TerminalFile till, CentralDatabase central)
    {
        await using var connection = await central.DataSource.OpenConnectionAsync();
        using var sqlite = till.Open();
        return SyncPlanner.Build(map, SqliteSchemaReader.Read(sqlite), await PostgresSchemaReader.ReadAsync(connection, CancellationToken.None));
    }
}
