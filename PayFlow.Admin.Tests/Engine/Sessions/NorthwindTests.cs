using Microsoft.Data.Sqlite;
using Npgsql;
using PayFlow.Admin.Tests.Engine.Terminals;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Integrity.Repairs;
using PayFlow.Sync.Engine.Integrity.Verify;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables.Parity;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>The main job on a real database that nobody here wrote: blanks in names, composite keys, a self-reference, pictures, dates as text.</summary>
public sealed class NorthwindTests
{
    [NorthwindFact]
    public async Task Every_table_of_a_foreign_database_ends_with_the_same_rows_on_both_sides()
    {
        using var file = new TerminalFile();
        File.WriteAllBytes(file.Path, File.ReadAllBytes(Northwind.Path!));
        await using var database = await CentralDatabase.CreateAsync();
        await using var source = await PostgresSource.OpenAsync(database.ConnectionString, CancellationToken.None);
        await ProvisionAsync(file, source);
        await new Attachment(source).AttachAsync(new AttachRequest { Path = file.Path, Terminal = "northwind" }, CancellationToken.None);
        await using var sync = new TerminalSync(file.Path, new PostgresCentral(source));

        await sync.RunAsync(new SyncRequest { Bootstrap = true });
        var first = await sync.RunAsync();
        Assert.True(first.IsClean, first.Error);
        await AssertSameRowsAsync(file, database);

        file.Execute("""
            UPDATE "Order Details" SET Quantity = Quantity + 1 WHERE OrderID = 10248;
            INSERT INTO Customers (CustomerID, CompanyName, City) VALUES ('NEWCO', 'Neue Firma GmbH', 'Köln');
            INSERT INTO Orders (CustomerID, EmployeeID, OrderDate, Freight) VALUES ('NEWCO', 1, '2026-02-03', 12.25);
            INSERT INTO "Order Details" (OrderID, ProductID, UnitPrice, Quantity, Discount) SELECT max(OrderID), 11, 14, 2, 0.05 FROM Orders;
            DELETE FROM "Order Details" WHERE OrderID = 10249 AND ProductID = 14;
            """);
        await database.ExecuteAsync("""
            UPDATE "Products" SET "UnitPrice" = "UnitPrice" * 2, "ProductName" = "ProductName" || ' ™' WHERE "ProductID" BETWEEN 1 AND 5;
            INSERT INTO "Territories" VALUES ('99999', 'Nowhere', 1);
            INSERT INTO "EmployeeTerritories" VALUES (1, '99999');
            UPDATE "Employees" SET "ReportsTo" = 8 WHERE "EmployeeID" = 9;
            """);
        var second = await sync.RunAsync();
        Assert.True(second.IsClean, second.Error);
        Assert.Equal(7 + 8, second.Moved);
        await AssertSameRowsAsync(file, database);
        await AssertVerifiedAndRepairedAsync(file, database, source);

        var third = await sync.RunAsync();
        Assert.Equal(0, third.Moved);
        Assert.Empty(third.Tables);
    }

    private static async Task AssertVerifiedAndRepairedAsync(TerminalFile file, CentralDatabase database, NpgsqlDataSource source)
    {
        var verification = new Verification(file.Path, source);
        Assert.True((await verification.RunAsync()).IsEqual);
        foreach (var from in new[] { RepairSource.Central, RepairSource.Terminal })
        {
            file.Execute("""
                BEGIN; UPDATE payflow_state SET applying = 1; UPDATE "Order Details" SET Quantity = Quantity + 1 WHERE OrderID = 10250; UPDATE Categories SET Picture = x'00' WHERE CategoryID = 1;
                DELETE FROM EmployeeTerritories WHERE EmployeeID = 2; UPDATE payflow_state SET applying = 0; COMMIT
                """);
            await database.ExecuteAsync("SET session_replication_role = replica; UPDATE \"Customers\" SET \"City\" = 'Nirgends' WHERE \"CustomerID\" = 'ALFKI'; SET session_replication_role = origin");
            Assert.Equal(from == RepairSource.Central ? 3 + 1 + 7 + 1 : 3 + 1 + 7, (await verification.RunAsync()).Differences);
            Assert.Equal(0, (await new Repair(file.Path, source).RunAsync(new RepairRequest { From = from, IsConfirmed = true })).RefusedRows);
            Assert.True((await verification.RunAsync()).IsEqual);
            await AssertSameRowsAsync(file, database);
        }
    }

    private static async Task ProvisionAsync(TerminalFile file, NpgsqlDataSource source)
    {
        using var terminal = file.Open();
        await using var central = await source.OpenConnectionAsync();
        var script = await Provisioner.PlanCentralAsync(terminal, central, null, CancellationToken.None);
        await script.ApplyAsync(central, CancellationToken.None);
    }

    private static async Task AssertSameRowsAsync(TerminalFile file, CentralDatabase database)
    {
        foreach (var table in file.Rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'payflow_%' AND name NOT LIKE 'sync_%'").Select(r => (string)r[0]!))
        {
            using var connection = file.Open();
            var here = Canonical(Read(connection, table));
            await using var command = database.DataSource.CreateCommand($"SELECT * FROM \"{table}\"");
            await using var reader = await command.ExecuteReaderAsync();
            var there = Canonical(Rows(reader));
            Assert.Equal(here, there);
        }
    }

    private static IEnumerable<object?[]> Read(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\"";
        using var reader = command.ExecuteReader();
        return [.. Rows(reader)];
    }

    private static IEnumerable<object?[]> Rows(System.Data.Common.DbDataReader reader)
    {
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            yield return row;
        }
    }

    private static string[] Canonical(IEnumerable<object?[]> rows) => [.. rows.Select(r => string.Join('|', r.Select(Canonical))).Order(StringComparer.Ordinal)];

    // The two drivers give the same value in different .NET types.
    private static string Canonical(object? value) => value switch
    {
        null => "∅",
        byte[] bytes => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)),
        bool flag => flag ? "1" : "0",
        long or int or double or decimal => Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture).ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture),
        DateTime instant => instant.TimeOfDay == TimeSpan.Zero ? instant.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : instant.ToString("s", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
