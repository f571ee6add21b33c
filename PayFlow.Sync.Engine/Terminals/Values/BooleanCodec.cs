using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A truth value: 0 and 1, or whatever words a till has for them.</summary>
internal sealed class BooleanCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal) => Read(neutral) is { } truth
        ? TryStoreInteger(truth ? 1 : 0, out stored, out refusal)
        : TryStoreText(neutral.ToString(), out stored, out refusal);

    protected override CellValue Neutralize(in CellValue stored) => Read(stored) is { } truth ? CellValue.Of(truth ? 1 : 0) : stored;

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => Read(a) is { } x && Read(b) is { } y && x == y;

    private static bool? Read(in CellValue value) => value.Kind switch
    {
        CellKind.Integer when value.AsInteger is 0 or 1 => value.AsInteger == 1,
        CellKind.Real when value.AsReal is 0 or 1 => value.AsReal == 1,
        CellKind.Text => BooleanText.Parse(value.AsText),
        _ => null,
    };
}
