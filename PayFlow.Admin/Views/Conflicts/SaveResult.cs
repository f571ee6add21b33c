using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>What became of a decision: one of both is there.</summary>
/// <param name="Outcome">It was made.</param>
/// <param name="Failure">It was not; the editor has what changed meanwhile, and all choices.</param>
internal sealed record SaveResult(ResolutionOutcome? Outcome, SyncException? Failure);
