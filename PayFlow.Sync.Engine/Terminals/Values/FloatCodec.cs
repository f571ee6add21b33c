using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A double. NaN is text, because SQLite makes NULL of a NaN.</summary>
internal sealed class FloatCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal)
    {
        if (neutral.Kind == CellKind.Integer)
            return TryStoreInteger(neutral.AsInteger, out stored, out refusal);
        if (neutral.Kind == CellKind.Text)
            return TryStoreText(neutral.AsText, out stored, out refusal);
        stored = double.IsNaN(neutral.AsReal) ? CellValue.Of("NaN") : StoreReal(neutral.AsReal);
        refusal = null;
        return true;
    }

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => TryRead(a, out var x) && TryRead(b, out var y) && x == y;

    private static bool TryRead(in CellValue value, out double number)
    {
        number = value.Kind == CellKind.Real ? value.AsReal : 0;
        if (value.Kind == CellKind.Real)
            return true;
        if (value.Kind == CellKind.Text && value.AsText is "Infinity" or "-Infinity")
        {
            number = value.AsText[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (!ExactDecimal.TryRead(value, out var exact))
            return false;
        // Only where the double says all that the text says.
        number = DecimalCodec.Nearest(value.ToString());
        return double.IsFinite(number) && ExactDecimal.Of(number) == exact;
    }
}
