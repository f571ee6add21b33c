using System.Globalization;
using Microsoft.Data.Sqlite;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Sample;

/// <summary>A till's file the way its own program opens and fills it.</summary>
internal static class SampleTillFile
{
    /// <summary>Customers whom a delivered till has taken in although the head office knows them already: bootstrap has to recognise them.</summary>
    private const int KnownCustomers = 3;

    public static SqliteConnection Open(string path, bool create = false)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = 30,
        }.ConnectionString);
        connection.Open();
        if (create)
            Execute(connection, "PRAGMA journal_mode = WAL");
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Writes the till's part of the catalogue, and a few customers as it would have entered them itself.</summary>
    public static void Load(SqliteConnection connection, SampleTill till, SampleCatalogue catalogue)
    {
        foreach (var table in catalogue.Tables)
        {
            var rows = table.Name switch
            {
                "customers" => Known(table, till),
                "terminal_stock_levels" => table.Rows.Where(r => Equals(r[0], till.Id)),
                _ => table.Rows,
            };
            var leaveOut = table.Name == "customers" ? table.IndexOf("id") : -1;
            Insert(connection, table, rows, leaveOut);
        }
    }

    /// <summary>A value as a till's column holds it. Decimals go in as text: a column's affinity makes of it what it holds.</summary>
    public static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal amount => amount.ToString("0.00", CultureInfo.InvariantCulture),
        bool flag => flag ? 1L : 0L,
        _ => value,
    };

    // Entered at the counter: points and the date of the first visit are the head office's, so they differ there.
    private static IEnumerable<object?[]> Known(SampleTable customers, SampleTill till)
    {
        var points = customers.IndexOf("loyalty_points");
        foreach (var row in customers.Rows.Skip(till.Number * KnownCustomers).Take(KnownCustomers))
        {
            var entered = row.ToArray();
            entered[points] = 0;
            entered[customers.IndexOf("created_at")] = entered[customers.IndexOf("updated_at")] = SampleChain.Opening.UtcDateTime.AddDays(-2);
            yield return entered;
        }
    }

    private static void Insert(SqliteConnection connection, SampleTable table, IEnumerable<object?[]> rows, int leaveOut)
    {
        var taken = Enumerable.Range(0, table.Columns.Count).Where(i => i != leaveOut).ToArray();
        using var insert = connection.CreateCommand();
        insert.CommandText = $"""
            INSERT INTO {SqliteName.Quote(table.Name)} ({string.Join(", ", taken.Select(i => SqliteName.Quote(table.Columns[i].TillName ?? table.Columns[i].Name)))})
            VALUES ({string.Join(", ", taken.Select(i => $"$c{i}"))})
            """;
        foreach (var i in taken)
            insert.Parameters.Add(new SqliteParameter { ParameterName = $"$c{i}" });
        foreach (var row in rows)
        {
            for (var p = 0; p < taken.Length; p++)
                insert.Parameters[p].Value = Value(row[taken[p]]);
            insert.ExecuteNonQuery();
        }
    }
}
