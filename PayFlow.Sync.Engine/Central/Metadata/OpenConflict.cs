namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>A conflict that waits for a decision.</summary>
/// <param name="Id">Its number in the conflict queue.</param>
/// <param name="Terminal">The terminal whose change met central's.</param>
/// <param name="Table">The table by its name in the terminal.</param>
/// <param name="Key">Central's key of the row; the terminal's own where central has no such row.</param>
/// <param name="Kind"><c>update-update</c>, <c>update-delete</c>, <c>delete-update</c>, <c>insert-insert</c> or <c>unique</c>.</param>
/// <param name="Fields">The columns in dispute.</param>
/// <param name="DetectedAt">Since when.</param>
public sealed record OpenConflict(long Id, string Terminal, string Table, string? Key, string Kind, IReadOnlyList<string> Fields, DateTimeOffset DetectedAt);
