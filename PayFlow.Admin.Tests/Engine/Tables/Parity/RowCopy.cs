using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Tests.Engine.Tables.Parity;

/// <summary>Copies rows as PostgreSQL itself reads their texts, to see whether the types that were chosen take them.</summary>
internal static class RowCopy
{
    public static async Task ToCentralAsync(TerminalFile till, TableSchema table, NpgsqlConnection connection, TableSchema central)
    {
        var columns = table.Columns.Select(c => central.Find(c.Name)!).ToList();
        var names = string.Join(", ", columns.Select(c => PostgresName.Quote(c.Name)));
        var values = string.Join(", ", columns.Select((c, i) => $"${i + 1}::text::{c.Type}"));
        foreach (var row in till.Rows($"SELECT {string.Join(", ", table.Columns.Select(c => SqliteName.Quote(c.Name)))} FROM {SqliteName.Quote(table.Name)}"))
        {
            await using var insert = new NpgsqlCommand($"INSERT INTO {PostgresName.Quote(central)} ({names}) VALUES ({values})", connection);
            foreach (var value in row)
                insert.Parameters.Add(new NpgsqlParameter { Value = Text(value), NpgsqlDbType = NpgsqlDbType.Text });
            await insert.ExecuteNonQueryAsync();
        }
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static object Text(object? value) => value switch
    {
        null => DBNull.Value,
        byte[] bytes => "\\x" + Convert.ToHexStringLower(bytes),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
