using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A whole number.</summary>
internal sealed class IntegerCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal)
    {
        if (neutral.Kind == CellKind.Integer)
            return TryStoreInteger(neutral.AsInteger, out stored, out refusal);
        if (neutral.Kind != CellKind.Real)
            return TryStoreText(neutral.ToString(), out stored, out refusal);
        stored = StoreReal(neutral.AsReal);
        refusal = null;
        return true;
    }

    // A whole number's text is the key of its row: 5.0 in a REAL column is 5.
    protected override CellValue Neutralize(in CellValue stored) =>
        stored.Kind != CellKind.Integer && ExactDecimal.TryRead(stored, out var number) && number.TryToInt64(out var whole) ? CellValue.Of(whole) : stored;

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => ExactDecimal.TryRead(a, out var x) && ExactDecimal.TryRead(b, out var y) && x == y;
}
