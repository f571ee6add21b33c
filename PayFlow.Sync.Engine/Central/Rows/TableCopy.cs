using System.Globalization;
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
    /// <summary>Whether the collations of the columns <c>$2</c> of the table <c>$1</c> order by bytes. A server older than 15 has no provider but libc for a whole database.</summary>
    private const string Bytewise = """
        SELECT coalesce(bool_and(CASE c.collname
          WHEN 'default' THEN d.datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'
          ELSE c.collname IN ('C', 'POSIX', 'ucs_basic') END), true)
        FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation JOIN pg_database d ON d.datname = current_database()
        WHERE a.attrelid = $1 AND a.attname = ANY ($2)
        """;

    public static async IAsyncEnumerable<DownloadedRow> ReadAsync(NpgsqlConnection connection, PulledColumns columns, string? afterKey, [EnumeratorCancellation] CancellationToken cancellationToken, int? limit = null)
    {
        var isBytewise = await IsBytewiseAsync(connection, columns, cancellationToken);
        await using var command = new NpgsqlCommand(Sql(columns, afterKey is not null, isBytewise, limit), connection);
        columns.Bind(command);
        if (afterKey is not null)
        {
            var parts = RowKey.Parse(afterKey, columns.Plan.CentralKey.Count);
            for (var i = 0; i < parts.Length; i++)
                command.Parameters.Add(new NpgsqlParameter($"k{i}", NpgsqlDbType.Text) { Value = parts[i] });
        }
        // Rows are read as they arrive, so that memory does not grow with the table.
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sum = ChangeChecksum.Begin();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (key, values) = columns.ReadRow(reader);
            sum.Add(key);
            sum.Add(values);
            yield return new DownloadedRow(key, values) { Checksum = sum.Value };
        }
    }

    /// <summary>A piece of it, which is over when it is given: for a terminal that is far away, and must not keep a statement waiting.</summary>
    public static async Task<TablePiece> ReadPieceAsync(NpgsqlConnection connection, PulledColumns columns, string? afterKey, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<DownloadedRow>();
        var size = 0L;
        try
        {
            // One more than asked for tells whether there is more.
            await foreach (var row in ReadAsync(connection, columns, afterKey, cancellationToken, limit + 1))
            {
                if (rows.Count == limit || size >= RowSize.Piece)
                    return new TablePiece(rows, IsLast: false);
                rows.Add(row);
                size += RowSize.Of(row.Values);
            }
        }
        catch (PostgresException e) when (afterKey is not null && rows.Count == 0 && e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            throw new SyncException(SyncErrorCode.Protocol, $"'{afterKey}' is no key of table {columns.Plan.Name}: {e.MessageText}", "Go on behind the last key that came, as it came.", e) { Table = columns.Plan.Name };
        }
        return new TablePiece(rows, IsLast: true);
    }

    /// <summary>How many rows there are for the terminal.</summary>
    public static async Task<long> CountAsync(NpgsqlConnection connection, PulledColumns columns, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {PostgresName.Quote(columns.Plan.Central)} t WHERE {columns.Filter}", connection);
        columns.Bind(command);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Whether the key's columns order by bytes, so that its index does.</summary>
    public static async Task<bool> IsBytewiseAsync(NpgsqlConnection connection, PulledColumns columns, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Bytewise, connection)
        {
            Parameters =
            {
                new() { Value = columns.Plan.Central.Oid, NpgsqlDbType = NpgsqlDbType.Oid },
                new() { Value = columns.Plan.CentralKey.Select(c => c.Name).ToArray() },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string Sql(PulledColumns columns, bool resumes, bool isBytewise, int? limit)
    {
        var key = columns.Plan.CentralKey;
        var order = string.Join(", ", key.Select((c, i) => Ordered($"t.{PostgresName.Quote(c.Name)}", c, isBytewise)));
        var behind = resumes
            ? $" AND ({order}) > ({string.Join(", ", key.Select((c, i) => Ordered(columns.Keys[i].KeyFromText($"@k{i}"), c, isBytewise)))})"
            : string.Empty;
        return $"SELECT {columns.SelectOnce} FROM {PostgresName.Quote(columns.Plan.Central)} t WHERE {columns.Filter}{behind} ORDER BY {order}{(limit is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" LIMIT {limit}"))}";
    }

    // SQLite orders text byte by byte. Where the key's index does so, too, the rows come right out of it, without a sort that keeps the terminal waiting.
    private static string Ordered(string expression, ColumnSchema column, bool isBytewise) => column.Logical switch
    {
        LogicalType.Text when isBytewise => expression,
        LogicalType.Text or LogicalType.FixedText => $"({expression})::text COLLATE \"C\"",
        _ => expression,
    };
}
