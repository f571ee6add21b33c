using System.Globalization;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>An exact decimal: text where the column keeps text, and a number only where the number's shortest digits are the decimal's.</summary>
internal sealed class DecimalCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    /// <summary>Below this every decimal is its double's shortest digits: 15 digits survive the way there and back.</summary>
    private const long FifteenDigits = 1_000_000_000_000_000;

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(i => Math.Pow(10, i))];

    /// <summary>The double nearest to a decimal number.</summary>
    public static double Nearest(string number) => double.Parse(number.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture);

    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal)
    {
        stored = neutral;
        refusal = null;
        if (neutral.Kind != CellKind.Text)
            return TryStoreNumber(neutral, out stored, out refusal);
        if (!Affinity.IsNumeric())
            return true;
        if (ExactDecimal.TryParseShort(neutral.AsText, out var mantissa, out var scale) && Math.Abs(mantissa) < FifteenDigits)
        {
            // Both are exact doubles, so the quotient is the nearest one.
            stored = StoreReal(mantissa / PowersOfTen[scale]);
            return true;
        }
        // NaN and infinity are no numbers to SQLite and stay text.
        return !ExactDecimal.TryParse(neutral.AsText, out var exact) || TryStoreExact(exact, neutral.AsText, out stored, out refusal);
    }

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => ExactDecimal.TryRead(a, out var x) && ExactDecimal.TryRead(b, out var y) && x == y;

    private bool TryStoreNumber(in CellValue neutral, out CellValue stored, out string? refusal)
    {
        if (neutral.Kind == CellKind.Integer)
            return TryStoreInteger(neutral.AsInteger, out stored, out refusal);
        stored = StoreReal(neutral.AsReal);
        refusal = null;
        return true;
    }

    private bool TryStoreExact(ExactDecimal exact, string text, out CellValue stored, out string? refusal)
    {
        if (exact.TryToInt64(out var whole))
            return TryStoreInteger(whole, out stored, out refusal);
        var nearest = Nearest(text);
        if (!double.IsFinite(nearest) || ExactDecimal.Of(nearest) != exact)
            return RefuseNumber(text, out stored, out refusal);
        stored = StoreReal(nearest);
        refusal = null;
        return true;
    }
}
