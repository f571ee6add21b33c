using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>Text, bytes, and every type that travels by its text form: byte for byte, except that blanks at the end of a <c>char(n)</c> mean nothing.</summary>
internal sealed class TextCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    private readonly bool _isFixed = plan.Central.Logical == LogicalType.FixedText;

    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal) => TryStoreText(neutral.ToString(), out stored, out refusal);

    protected override CellValue Neutralize(in CellValue stored) =>
        _isFixed && stored.Kind == CellKind.Text && stored.AsText.EndsWith(' ') ? CellValue.Of(stored.AsText.TrimEnd(' ')) : stored;

    protected override bool MeanTheSame(in CellValue a, in CellValue b) =>
        a.Kind != CellKind.Blob && b.Kind != CellKind.Blob && string.Equals(Meaning(a), Meaning(b), StringComparison.Ordinal);

    private string Meaning(in CellValue value) => _isFixed ? value.ToString().TrimEnd(' ') : value.ToString();
}
