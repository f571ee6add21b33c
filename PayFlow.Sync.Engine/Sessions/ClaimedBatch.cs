using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A batch and the queue entries it carries.</summary>
internal sealed record ClaimedBatch(ChangeBatch Batch, IReadOnlyList<ClaimedRow> Rows);
