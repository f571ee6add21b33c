using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Terminals.Queue;

/// <summary>A row that waits, with its values.</summary>
/// <param name="Entry">Its entry.</param>
/// <param name="Row">The terminal's row, all of its columns as stored; null when there is none.</param>
/// <param name="Base">What both sides last agreed on, as stored; null when central never had the row.</param>
public sealed record QueuedRowDetail(QueuedRow Entry, IReadOnlyDictionary<string, CellValue>? Row, IReadOnlyDictionary<string, CellValue>? Base);
