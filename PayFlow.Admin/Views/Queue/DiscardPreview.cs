using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Views.Queue;

/// <summary>What discarding would do.</summary>
/// <param name="Steps">Row by row, tried out; of many rows the first ones.</param>
/// <param name="Rest">The others as they wait now. Each is looked at when its turn comes.</param>
public sealed record DiscardPreview(IReadOnlyList<DiscardStep> Steps, IReadOnlyList<QueuedRow> Rest)
{
    public long Total => Steps.Count + (long)Rest.Count;
}
