using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A uuid: text, or 16 bytes in a column that is declared BLOB.</summary>
internal sealed class UuidCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    private readonly bool _isBlob = plan.Terminal.Type.Contains("BLOB", StringComparison.OrdinalIgnoreCase) && Values.Affinity.Of(plan.Terminal.Type) == ColumnAffinity.None;

    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal)
    {
        if (!_isBlob || !UuidValue.TryRead(neutral, out var uuid))
            return TryStoreText(neutral.ToString(), out stored, out refusal);
        stored = CellValue.Of(uuid.ToByteArray(bigEndian: true));
        refusal = null;
        return true;
    }

    protected override CellValue Neutralize(in CellValue stored) => UuidValue.TryRead(stored, out var uuid) ? CellValue.Of(uuid.ToString("D")) : stored;

    protected override bool MeanTheSame(in CellValue a, in CellValue b) => UuidValue.TryRead(a, out var x) && UuidValue.TryRead(b, out var y) && x == y;
}
