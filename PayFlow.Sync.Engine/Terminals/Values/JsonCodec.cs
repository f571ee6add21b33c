using System.Text.Json;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>A JSON document; blanks and the order of keys make no difference.</summary>
internal sealed class JsonCodec(ColumnPlan plan) : TerminalCodec(plan)
{
    protected override bool TryStore(in CellValue neutral, out CellValue stored, out string? refusal) => TryStoreText(neutral.ToString(), out stored, out refusal);

    protected override bool MeanTheSame(in CellValue a, in CellValue b)
    {
        if (a.Kind == CellKind.Blob || b.Kind == CellKind.Blob)
            return false;
        try
        {
            using var x = JsonDocument.Parse(a.ToString());
            using var y = JsonDocument.Parse(b.ToString());
            return JsonElement.DeepEquals(x.RootElement, y.RootElement);
        }
        catch (JsonException)
        {
            // Not JSON: the texts differ, and that is all there is to know.
            return false;
        }
    }
}
