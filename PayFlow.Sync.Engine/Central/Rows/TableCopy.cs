using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Rows;

/// <summary>
/// Streams a whole table in the order in which SQLite keeps its keys, so that the terminal appends to its index instead of hopping through it.
/// </summary>
internal static class TableCopy
{
    public static async IAsyncEnumerable<DownloadedRow> ReadAsync(NpgsqlConnection connection, PulledColumns columns, string? afterKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql(columns, afterKey is not null), connection);
        columns.Bind(command);
        if (afterKey is not null)
        {
            var parts = RowKey.Parse(afterKey, columns.Plan.CentralKey.Count);
            for (var i = 0; i < parts.Length; i++)
                command.Parameters.Add(new NpgsqlParameter($"k{i}", NpgsqlDbType.Text) { Value = parts[i] });
        }
        // Rows are read as they arrive, so that memory does not grow with the table.
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = columns.Normalize(reader.GetString(0));
            yield return new DownloadedRow(key, columns.Read(reader, 1));
        }
    }

    /// <summary>How many rows there are for the terminal.</summary>
    public static async Task<long> CountAsync(NpgsqlConnection connection, PulledColumns columns, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {PostgresName.Quote(columns.Plan.Central)} t WHERE {columns.Filter}", connection);
        columns.Bind(command);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string Sql(PulledColumns columns, bool resumes)
    {
        var key = columns.Plan.CentralKey;
        var order = string.Join(", ", key.Select((c, i) => Ordered($"t.{PostgresName.Quote(c.Name)}", c)));
        var behind = resumes
            ? $" AND ({order}) > ({string.Join(", ", key.Select((c, i) => Ordered(columns.Keys[i].KeyFromText($"@k{i}"), c)))})"
            : string.Empty;
        return $"SELECT {columns.Select} FROM {PostgresName.Quote(columns.Plan.Central)} t WHERE {columns.Filter}{behind} ORDER BY {order}";
    }

    // SQLite orders text byte by byte.
    private static string Ordered(string expression, ColumnSchema column) =>
        column.Logical is LogicalType.Text or LogicalType.FixedText ? $"({expression})::text COLLATE \"C\"" : expression;
}
