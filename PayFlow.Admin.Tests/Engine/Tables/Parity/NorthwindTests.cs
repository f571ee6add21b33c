using PayFlow.Admin.Tests.Engine.Terminals;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables.Parity;

public sealed class NorthwindTests
{
    [NorthwindFact]
    public async Task An_empty_central_gets_all_tables_with_their_keys_and_foreign_keys()
    {
        using var till = Copy();
        await using var central = await CentralDatabase.CreateAsync();
        var script = await ProvisionAsync(till, central);

        var terminal = Schema(till);
        var made = await SchemaAsync(central);
        Assert.Equal(13, made.Tables.Count);
        foreach (var table in terminal.Tables)
        {
            var end = made.Find(table.Name)!;
            Assert.Equal(table.Name, end.Name);
            Assert.Equal(table.Columns.Select(c => c.Name), end.Columns.Select(c => c.Name));
            Assert.Equal(table.Key, end.Key);
            Assert.Equal(Describe(table), Describe(end));
            Assert.All(end.ForeignKeys, f => Assert.True(f.IsDeferrable));
        }
        Assert.Contains(script.Notes, n => n.Table == "Order Details" && n.Message.StartsWith("3 CHECK", StringComparison.Ordinal));
    }

    [NorthwindFact]
    public async Task Every_column_gets_the_narrowest_type_that_holds_all_its_values()
    {
        using var till = Copy();
        await using var central = await CentralDatabase.CreateAsync();
        await ProvisionAsync(till, central);

        var made = await SchemaAsync(central);
        Assert.Equal("bigint", made.Find("Orders")!.Find("OrderID")!.Type);
        Assert.True(made.Find("Orders")!.Find("OrderID")!.IsAutoNumber);
        Assert.Equal("timestamp without time zone", made.Find("Orders")!.Find("OrderDate")!.Type);
        Assert.Equal("numeric", made.Find("Orders")!.Find("Freight")!.Type);
        Assert.Equal("double precision", made.Find("Order Details")!.Find("Discount")!.Type);
        Assert.Equal("date", made.Find("Employees")!.Find("BirthDate")!.Type);
        Assert.Equal("bytea", made.Find("Categories")!.Find("Picture")!.Type);
        Assert.Equal("'0'::text", made.Find("Products")!.Find("Discontinued")!.Default);
        Assert.Equal("text", made.Find("Products")!.Find("Discontinued")!.Type);
    }

    [NorthwindFact]
    public async Task Central_takes_every_row_of_the_terminal()
    {
        using var till = Copy();
        await using var central = await CentralDatabase.CreateAsync();
        await ProvisionAsync(till, central);

        var made = await SchemaAsync(central);
        await using var connection = await central.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await RowCopy.RunAsync(connection, "SET CONSTRAINTS ALL DEFERRED");
        foreach (var table in Schema(till).Tables)
            await RowCopy.ToCentralAsync(till, table, connection, made.Find(table.Name)!);
        await transaction.CommitAsync();
        foreach (var table in made.Tables)
            Assert.Equal(till.Scalar($"SELECT count(*) FROM {SqliteName.Quote(table.Name)}"), await central.ScalarAsync<long>($"SELECT count(*) FROM {PostgresName.Quote(table)}"));
    }

    [NorthwindFact]
    public async Task A_second_run_finds_nothing_to_do_and_the_schemas_fit()
    {
        using var till = Copy();
        await using var central = await CentralDatabase.CreateAsync();
        await ProvisionAsync(till, central);

        await using var connection = await central.DataSource.OpenConnectionAsync();
        using var terminal = till.Open();
        Assert.Empty((await Provisioner.PlanCentralAsync(terminal, connection, null, default)).Statements);
        Assert.Empty((await Provisioner.PlanTerminalAsync(connection, terminal, null, default)).Statements);

        var report = await Provisioner.CompareAsync(terminal, connection, null, default);
        Assert.True(report.IsUsable, string.Join("\n", report.Findings));
        Assert.Equal(13, SyncPlanner.Build(null, SqliteSchemaReader.Read(terminal), await PostgresSchemaReader.ReadAsync(connection, default)).Tables.Count);
    }

    [NorthwindFact]
    public async Task An_empty_terminal_gets_back_what_central_got()
    {
        using var till = Copy();
        using var second = new TerminalFile();
        await using var central = await CentralDatabase.CreateAsync();
        await ProvisionAsync(till, central);

        await using var connection = await central.DataSource.OpenConnectionAsync();
        using var empty = second.Open();
        var script = await Provisioner.PlanTerminalAsync(connection, empty, null, default);
        script.Apply(empty);

        var source = Schema(till);
        var made = SqliteSchemaReader.Read(empty);
        Assert.Equal(source.Tables.Select(t => t.Name).Order(), made.Tables.Select(t => t.Name).Order());
        foreach (var table in source.Tables)
        {
            Assert.Equal(table.Key, made.Find(table.Name)!.Key);
            Assert.Equal(Describe(table), Describe(made.Find(table.Name)!));
        }
        Assert.True(made.Find("Orders")!.IsAutoIncrement);
        Assert.Equal("TEXT", made.Find("Orders")!.Find("Freight")!.Type);
    }

    private static IEnumerable<string> Describe(TableSchema table) =>
        table.ForeignKeys.Select(f => $"{string.Join(',', f.Columns)}->{f.ParentTable}({string.Join(',', f.ParentColumns)})").Order();

    private static TerminalFile Copy()
    {
        var file = new TerminalFile();
        File.WriteAllBytes(file.Path, File.ReadAllBytes(Northwind.Path!));
        return file;
    }

    private static async Task<ProvisionScript> ProvisionAsync(TerminalFile till, CentralDatabase central)
    {
        using var terminal = till.Open();
        await using var connection = await central.DataSource.OpenConnectionAsync();
        var script = await Provisioner.PlanCentralAsync(terminal, connection, null, default);
        await script.ApplyAsync(connection);
        return script;
    }

    private static DatabaseSchema Schema(TerminalFile till)
    {
        using var connection = till.Open();
        return SqliteSchemaReader.Read(connection);
    }

    private static async Task<DatabaseSchema> SchemaAsync(CentralDatabase central)
    {
        await using var connection = await central.DataSource.OpenConnectionAsync();
        return await PostgresSchemaReader.ReadAsync(connection, default);
    }
}
