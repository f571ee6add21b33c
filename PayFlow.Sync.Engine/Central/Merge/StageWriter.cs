using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Copies rows into a table's staging table; a row's <c>ord</c> is its place in the list, from 1.</summary>
internal static class StageWriter
{
    public static async Task WriteAsync(NpgsqlConnection connection, StagedTable table, IReadOnlyList<StagedRow> rows, bool withBase, CancellationToken cancellationToken)
    {
        var importer = await connection.BeginBinaryImportAsync(table.CopySql(withBase), cancellationToken);
        await using (importer.ConfigureAwait(false))
        {
            for (var i = 0; i < rows.Count; i++)
                WriteRow(importer, table, rows[i], i + 1, withBase);
            await importer.CompleteAsync(cancellationToken);
        }
    }

    private static void WriteRow(NpgsqlBinaryImporter importer, StagedTable table, StagedRow row, int ord, bool withBase)
    {
        importer.StartRow();
        importer.Write(ord, NpgsqlDbType.Integer);
        if (table.IsLinked)
        {
            importer.Write(row.Change.Key, NpgsqlDbType.Text);
            table.Keys[0].Write(importer, row.ServerKey);
        }
        WriteCells(importer, table, row.New, row.Change.Values ?? row.Change.Base!);
        if (!withBase)
            return;
        importer.Write(row.Change.IsDelete, NpgsqlDbType.Boolean);
        WriteCells(importer, table, row.Base!, row.Change.Base!);
    }

    private static void WriteCells(NpgsqlBinaryImporter importer, StagedTable table, Values.PgCell[] cells, CellValue[] values)
    {
        for (var i = 0; i < cells.Length; i++)
            table.Columns[i].Codec.Write(importer, cells[i]);
        foreach (var reference in table.References)
        {
            if (values[reference.Ordinal].Kind == CellKind.LocalReference)
                importer.Write(values[reference.Ordinal].AsText, NpgsqlDbType.Text);
            else
                importer.WriteNull();
        }
    }
}
