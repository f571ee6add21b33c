namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>What the rules say of one row.</summary>
/// <param name="Action">What to do with central's row.</param>
/// <param name="Columns">Update: the columns to write, one character each as in <see cref="RowComparison"/>.</param>
/// <param name="Conflict">The kind of conflict, as it is called in <c>payflow.conflicts.kind</c>; null when there was none.</param>
/// <param name="Disputed">The fields that both sides changed, one character each; null when there was no conflict.</param>
/// <param name="Answer">What central ends with is not what was sent: the terminal needs to be told.</param>
/// <param name="Resolution">Which side the policy gave the disputed fields to, <c>central</c> or <c>terminal</c>; null when there was no conflict, or when it waits for a decision.</param>
/// <param name="Open">Of a conflict that waits for a decision: the columns that wait with it. The others are agreed on, and the terminal is told so. Null: the whole row waits.</param>
/// <param name="Revives">Central's mark of a deleted row is taken away.</param>
internal readonly record struct MergeDecision(
    MergeAction Action, string? Columns = null, string? Conflict = null, string? Disputed = null, bool Answer = false, string? Resolution = null, string? Open = null, bool Revives = false)
{
    /// <summary>It waits for a decision, wholly or in part.</summary>
    public bool IsOpen => Conflict is not null && Resolution is null;
}
