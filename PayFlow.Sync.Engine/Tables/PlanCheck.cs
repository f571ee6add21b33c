namespace PayFlow.Sync.Engine.Tables;

/// <summary>What the planner makes of a map.</summary>
/// <param name="Plan">The plan; null when there are problems.</param>
/// <param name="Problems">What has to be corrected first.</param>
/// <param name="Warnings">What the planner has to say besides.</param>
public sealed record PlanCheck(SyncPlan? Plan, IReadOnlyList<PlanProblem> Problems, IReadOnlyList<string> Warnings);
