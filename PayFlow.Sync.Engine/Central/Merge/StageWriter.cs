using Npgsql;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Copies rows into a table's staging table; a row's <c>ord</c> is its place in the list, from 1.</summary>
internal static class StageWriter
{
    public static async Task WriteAsync(NpgsqlConnection connection, StagedTable table, IReadOnlyList<StagedRow> rows, bool withBase, CancellationToken cancellationToken)
    {
        var stream = await connection.BeginRawBinaryCopyAsync(table.CopySql(withBase), cancellationToken);
        // What the server says of the data, it says when the stream is disposed.
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                var writer = new CopyWriter(stream, table.StagedColumns(withBase));
                writer.Begin();
                for (var i = 0; i < rows.Count; i++)
                    WriteRow(writer, table, rows[i], i + 1, withBase);
                writer.End();
            }
            catch
            {
                // Half a COPY must not be taken for a whole one.
                await stream.CancelAsync();
                throw;
            }
        }
    }

    private static void WriteRow(CopyWriter writer, StagedTable table, StagedRow row, int ord, bool withBase)
    {
        writer.StartRow();
        writer.Write(ord);
        if (table.IsLinked)
        {
            writer.Write(row.Change.Key);
            table.Keys[0].Write(writer, row.ServerKey);
        }
        WriteCells(writer, table, row.New, row.Change.Values ?? row.Change.Base!);
        if (!withBase)
            return;
        writer.Write(row.Change.IsDelete);
        WriteCells(writer, table, row.Base!, row.Change.Base!);
    }

    private static void WriteCells(CopyWriter writer, StagedTable table, Values.PgCell[] cells, CellValue[] values)
    {
        for (var i = 0; i < cells.Length; i++)
            table.Columns[i].Codec.Write(writer, cells[i]);
        foreach (var reference in table.References)
        {
            if (values[reference.Ordinal].Kind == CellKind.LocalReference)
                writer.Write(values[reference.Ordinal].AsText);
            else
                writer.WriteNull();
        }
    }
}
