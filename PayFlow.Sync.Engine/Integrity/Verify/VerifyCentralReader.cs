using Npgsql;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Rows;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>Streams one central table, as far as it is the terminal's business, by binary COPY in the order of <see cref="VerifyKeyOrder"/>.</summary>
internal sealed class VerifyCentralReader : IDisposable
{
    private const int RowsPerChunk = 1_000;

    private readonly VerifyTable _table;
    private readonly NpgsqlBinaryExporter _exporter;

    private VerifyCentralReader(VerifyTable table, NpgsqlBinaryExporter exporter)
    {
        _table = table;
        _exporter = exporter;
    }

    public int Width => _table.CentralWidth;

    public static async Task<VerifyCentralReader> OpenAsync(NpgsqlConnection connection, VerifyTable table, CancellationToken cancellationToken)
    {
        var isBytewise = await TableCopy.IsBytewiseAsync(connection, table.Central, cancellationToken);
        return new VerifyCentralReader(table, await connection.BeginBinaryExportAsync(Sql(table, isBytewise), cancellationToken));
    }

    /// <summary>Fills the chunk with the next rows; false when there are none.</summary>
    public bool Read(VerifyChunk chunk)
    {
        chunk.Clear();
        var size = 0L;
        while (chunk.Rows < RowsPerChunk && size < RowSize.Chunk && _exporter.StartRow() >= 0)
        {
            var row = chunk.Add();
            for (var i = 0; i < _table.Central.Codecs.Count; i++)
            {
                row[i] = _table.Central.Codecs[i].Read(_exporter);
                size += row[i].Kind switch { CellKind.Text => 2L * row[i].AsText.Length, CellKind.Blob => row[i].AsBlob.LongLength, _ => 0 };
            }
            if (_table.IsLinked)
                row[^1] = _table.Central.Keys[0].Read(_exporter);
        }
        return chunk.Rows > 0;
    }

    /// <summary>Ends the COPY, be it at its end or in the middle.</summary>
    public void Dispose() => _exporter.Dispose();

    private static string Sql(VerifyTable table, bool isBytewise)
    {
        var plan = table.Plan;
        var cells = table.Central.Codecs.Select((c, i) => c.ReadExpression($"t.{PostgresName.Quote(plan.Columns[i].Central.Name)}")).ToList();
        if (table.IsLinked)
            cells.Add(table.Central.Keys[0].ReadExpression($"t.{PostgresName.Quote(plan.CentralKey[0].Name)}"));
        var order = plan.CentralKey.Select((c, i) => Ordered($"t.{PostgresName.Quote(c.Name)}", c, table.Central, i, isBytewise));
        return $"COPY (SELECT {string.Join(", ", cells)} FROM {PostgresName.Quote(plan.Central)} t WHERE {table.Central.LiteralFilter} ORDER BY {string.Join(", ", order)}) TO STDOUT (FORMAT BINARY)";
    }

    // Numbers and uuids order by themselves as their keys do; everything else by the bytes of its key text.
    private static string Ordered(string column, ColumnSchema key, PulledColumns columns, int part, bool isBytewise) => key.Logical switch
    {
        LogicalType.Integer or LogicalType.Uuid => column,
        LogicalType.Text when isBytewise => column,
        _ => $"({columns.Keys[part].KeyText(column)}) COLLATE \"C\"",
    };
}
