namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>What the rules say of one row.</summary>
/// <param name="Action">What to do with central's row.</param>
/// <param name="Columns">Update: the columns to write, one character each as in <see cref="RowComparison"/>.</param>
/// <param name="Conflict">The kind of conflict, as it is called in <c>payflow.conflicts.kind</c>; null when there was none.</param>
/// <param name="Disputed">The fields that both sides changed, one character each; null when there was no conflict.</param>
/// <param name="Answer">What central ends with is not what was sent: the terminal needs to be told.</param>
internal readonly record struct MergeDecision(MergeAction Action, string? Columns = null, string? Conflict = null, string? Disputed = null, bool Answer = false);
