namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>A part of a terminal's queue.</summary>
/// <param name="Rows">In order: refused ones first, those that were set aside on their way down at the end.</param>
/// <param name="Total">How many the filter finds.</param>
/// <param name="Counts">Of the whole queue, whatever the filter.</param>
public sealed record QueuePart(IReadOnlyList<QueuedRow> Rows, long Total, IReadOnlyList<QueuedCount> Counts);
