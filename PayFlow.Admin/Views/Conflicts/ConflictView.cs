using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>What the page of a conflict shows.</summary>
/// <param name="Detail">The conflict.</param>
/// <param name="TerminalName">The terminal as people know it.</param>
/// <param name="ReadAt">When central's row was read.</param>
/// <param name="Previous">The open conflict before it in the list that it was opened from; null at its beginning.</param>
/// <param name="Next">The one behind it; null at its end.</param>
/// <param name="RunId">The run of the decision, by which it can be rolled back; null while it is open, and where a sync decided.</param>
internal sealed record ConflictView(ConflictDetail Detail, string TerminalName, DateTimeOffset ReadAt, long? Previous, long? Next, Guid? RunId);
