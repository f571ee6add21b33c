using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Log;

/// <summary>What <see cref="ChangeTip"/> found.</summary>
/// <param name="Tip">Up to where it looked.</param>
/// <param name="Changes">The tables with changes, each with each of those who made them.</param>
/// <param name="IsMuch">So much has changed that the list may not be all of it.</param>
public sealed record ChangeNews(LogPosition Tip, IReadOnlyList<TableChange> Changes, bool IsMuch);
