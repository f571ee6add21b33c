using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Checkpoints;

namespace PayFlow.Admin.Views.Tables;

/// <summary>What reading again means, or has meant, for the checkpoints of one terminal.</summary>
/// <param name="Terminal">The terminal.</param>
/// <param name="Tables">By table and direction.</param>
/// <param name="Failure">Why nothing was done at this terminal; null when it was.</param>
public sealed record RereadStep(string Terminal, IReadOnlyList<RereadTable> Tables, SyncException? Failure = null)
{
    public long Rows => Tables.Where(t => t.Moves).Sum(t => t.Rows);

    public bool Moves => Tables.Any(t => t.Moves);
}
