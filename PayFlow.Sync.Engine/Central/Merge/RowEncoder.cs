using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Turns a row's neutral values into central's types, or says which column refuses and why.</summary>
internal sealed class RowEncoder(StagedTable table)
{
    /// <summary>The staged row; or null and the outcome that goes back.</summary>
    public StagedRow? Encode(RowChange change, out RowOutcome? refused)
    {
        refused = null;
        var serverKey = PgCell.Null;
        if (change.ServerKey is { } known && !table.Keys[0].TryEncode(CellValue.Of(known), out serverKey, out var badKey))
        {
            refused = Refuse(change, table.Plan.ServerIdColumn ?? table.Plan.CentralKey[0].Name, badKey);
            return null;
        }
        var altered = false;
        var current = EncodeCells(change, change.Values ?? change.Base!, isBase: false, ref altered, out refused);
        if (current is null)
            return null;
        var @base = change.Base is null ? null : EncodeCells(change, change.Base, isBase: true, ref altered, out refused);
        return refused is null ? new StagedRow(change, serverKey, current, @base) { IsAltered = altered } : null;
    }

    private PgCell[]? EncodeCells(RowChange change, CellValue[] values, bool isBase, ref bool altered, out RowOutcome? refused)
    {
        var cells = new PgCell[values.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            // A parent's local key is written beside the column and translated by central.
            if (values[i].Kind == CellKind.LocalReference)
                continue;
            if (table.Columns[i].Codec.TryEncode(values[i], out cells[i], out var refusal))
            {
                altered |= !isBase && cells[i].IsAltered;
                continue;
            }
            // What central refuses now it never had: such a before-image is as good as NULL. What central computes by itself need not fit either.
            if (isBase || table.Columns[i].Plan.IsGeneratedInCentral)
            {
                cells[i] = PgCell.Null;
                continue;
            }
            refused = Refuse(change, table.Columns[i].Plan.Terminal.Name, refusal);
            return null;
        }
        refused = null;
        return cells;
    }

    private RowOutcome Refuse(RowChange change, string column, string reason) =>
        new() { Key = change.Key, Status = RowStatus.Failed, Column = column, Reason = $"{table.Plan.Name}.{column}: {reason}" };
}
