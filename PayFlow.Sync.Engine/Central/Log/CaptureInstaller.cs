using Npgsql;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>Sees to it that every table that is pushed by trigger capture is captured in central, and gives the tables' numbers in the change log.</summary>
internal static class CaptureInstaller
{
    private const string Register = """
        INSERT INTO payflow.captured_tables (schema_name, table_name, key_columns) VALUES ($1, $2, $3)
        ON CONFLICT (schema_name, table_name) DO UPDATE SET key_columns = excluded.key_columns
        RETURNING id, xmax = 0
        """;

    // Whoever has read this table's log so far has missed what happened while nobody listened.
    private const string LogGap = "INSERT INTO payflow.change_log (generation, table_id, op) SELECT generation, $1, 'R' FROM payflow.central";

    /// <returns>Terminal table name to number.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> EnsureAsync(NpgsqlConnection connection, SyncPlan plan, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        // What only travels up needs no log.
        foreach (var table in plan.Tables.Where(t => t.Pushes))
            numbers[table.Name] = await EnsureAsync(connection, table, cancellationToken);
        return numbers;
    }

    private static async Task<int> EnsureAsync(NpgsqlConnection connection, TablePlan table, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, table, cancellationToken) is { } present)
            return present;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        int number;
        bool isNew;
        await using (var register = new NpgsqlCommand(Register, connection) { Parameters = { new() { Value = table.Central.Schema ?? "public" }, new() { Value = table.Central.Name }, new() { Value = Names(table) } } })
        await using (var reader = await register.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (number, isNew) = (reader.GetInt32(0), reader.GetBoolean(1));
        }
        // The row just written is locked: whoever installs the same table meanwhile has committed, or waits.
        if (table.Entry.CentralCapture == CaptureMode.Timestamp || (!isNew && await FindAsync(connection, table, cancellationToken) is not null))
        {
            await transaction.CommitAsync(cancellationToken);
            return number;
        }
        await new ChangeLogTriggers(table, number).InstallAsync(connection, cancellationToken);
        if (!isNew)
        {
            await using var gap = new NpgsqlCommand(LogGap, connection) { Parameters = { new() { Value = number } } };
            await gap.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return number;
    }

    private static async Task<int?> FindAsync(NpgsqlConnection connection, TablePlan table, CancellationToken cancellationToken)
    {
        var triggers = table.Entry.CentralCapture == CaptureMode.Timestamp ? "$1::oid IS NOT NULL" : ChangeLogTriggers.Present;
        await using var find = new NpgsqlCommand($"SELECT id FROM payflow.captured_tables WHERE schema_name = $2 AND table_name = $3 AND key_columns = $4 AND ({triggers})", connection)
        {
            Parameters = { new() { Value = table.Central.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid }, new() { Value = table.Central.Schema ?? "public" }, new() { Value = table.Central.Name }, new() { Value = Names(table) } },
        };
        return await find.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private static string[] Names(TablePlan table) => [.. table.CentralKey.Select(c => c.Name)];
}
