using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>One change that is to be given up.</summary>
/// <param name="Entry">Its entry as it was looked at.</param>
/// <param name="Effect">What that does to the row.</param>
/// <param name="Reason">Refused: why, in words.</param>
/// <param name="Hint">Refused: what to do about it; may be null.</param>
public sealed record DiscardStep(QueuedRow Entry, DiscardEffect Effect, string? Reason = null, string? Hint = null)
{
    /// <summary>The terminal's values that would be lost, after a try; null where it has no such row.</summary>
    public IReadOnlyDictionary<string, CellValue>? Lost { get; init; }

    internal CellValue[]? Central { get; init; }

    internal string? ServerKey { get; init; }
}
