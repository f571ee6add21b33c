using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A time of day.</summary>
internal sealed class TimeCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal) => TryStoreText(neutral.ToString(), out stored, out refusal);

    protected override CellValue Neutralize(in CellValue stored) => TryRead(stored, out var time) ? CellValue.Of(IsoText.Time(time)) : stored;

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => TryRead(a, out var x) && TryRead(b, out var y) && x == y;

    private static bool TryRead(in CellValue value, out long time)
    {
        time = 0;
        return value.Kind == CellKind.Text && IsoInstant.TryParseTime(value.AsText, out time, out var isExact) && isExact;
    }
}
