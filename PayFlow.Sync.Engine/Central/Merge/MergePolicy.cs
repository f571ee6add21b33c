using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>By what a table's conflicts are decided.</summary>
/// <param name="Conflicts">The table's policy.</param>
/// <param name="Fallback">Under <see cref="ConflictPolicy.Merge"/>: the policy for what cannot be merged.</param>
/// <param name="Stamp">The column that says when a row was last written, as its place in the comparison's strings; -1 when there is none. It is never in dispute: the later one stands.</param>
/// <param name="IgnoresDeletes">A row deleted on one side stays on the other.</param>
internal readonly record struct MergePolicy(ConflictPolicy Conflicts, ConflictPolicy Fallback = ConflictPolicy.Manual, int Stamp = -1, bool IgnoresDeletes = false)
{
    /// <summary>The policy for a row that cannot be taken apart: one side deleted it, or nobody knows what both agreed on.</summary>
    public ConflictPolicy OfWholeRows => Conflicts == ConflictPolicy.Merge ? Fallback : Conflicts;
}
